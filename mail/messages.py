"""Messages made of waiting mails: plain text, folded, with headers by which no machine answers and a repeated sending is one message."""

import textwrap
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import utf8_charset_qp
from django.utils.translation import gettext as _

WIDTH = 76


def message_of(mail, subject, body, connection):
    headers = {
        "Message-ID": message_id(mail.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if mail.writer:
        headers["List-Id"] = f"{_('Notices of the CDM portal')} <{mail.writer}.{host()}>"
    message = EmailMessage(subject, folded(body), to=[mail.to], headers=headers, connection=connection)
    message.encoding = utf8_charset_qp  # seven bits a character, for servers of any age
    return message


def host():
    return urlsplit(settings.SITE_ADDRESS).hostname


def message_id(key):
    """The same for each sending of a mail, and nothing that can be read in it."""
    return f"<{sha256(f'{settings.SECRET_KEY} {key}'.encode()).hexdigest()[:32]}@{host()}>"


def folded(text):
    """Text in lines of WIDTH; what begins with a dash is indented, and addresses stay whole."""
    lines = []
    for line in text.splitlines():
        indent = "  " if line.startswith("- ") else ""
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(lines) + "\n"
