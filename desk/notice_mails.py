"""Mails of notices: composed at once or as digests by due work, and written with the titles and rights of the moment they are sent.

Each notice keeps the key of the mail that tells it, so it is told by one mail, and what is in a mail is decided in one transaction.
"""

from secrets import token_hex

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.digests import instant, last_day, last_monday
from desk.models import DeskNotice, DigestDay, HowOften
from desk.notice_lines import mail_lines
from desk.notice_settings import events_told, settings_of, zone_of
from mail import outbox
from publishing import roles

WRITER = "notices"
MOST_LINES = 100


def compose():
    """Compose what is due for each person; returns the number of mails. Without a mail server nothing is composed, then or later."""
    untold = DeskNotice.objects.filter(mail="")
    if not outbox.writes_to_people():
        untold.update(mail=DeskNotice.NO_MAIL)
        return 0
    untold.filter(Q(user__email="") | Q(user__is_active=False) | ~Q(read=None)).update(mail=DeskNotice.NO_MAIL)
    return sum(compose_for(person) for person in User.objects.filter(pk__in=untold.values("user")))


def compose_for(person):
    """Compose the mails that are due to a person; returns how many."""
    chosen, untold = settings_of(person), DeskNotice.objects.filter(user=person, mail="")
    untold.filter(event__in=events_told(chosen, HowOften.NEVER)).update(mail=DeskNotice.NO_MAIL)
    at_once = untold.filter(event__in=events_told(chosen, HowOften.AT_ONCE))
    return bundle(person, at_once, f"notices {person.pk} {token_hex(8)}") + digest(person, chosen, untold)


def digest(person, chosen, untold):
    """Compose the digest that was due last, unless the person has had it; returns whether there was one to send."""
    zone = zone_of(chosen)
    day = last_day(timezone.now(), zone)
    daily = Q(event__in=events_told(chosen, HowOften.DAILY), made__lt=instant(day, zone))
    weekly = Q(event__in=events_told(chosen, HowOften.WEEKLY), made__lt=instant(last_monday(day), zone))
    due = untold.filter(daily | weekly)
    if not due.exists():
        return 0
    with transaction.atomic():
        _day, is_new = DigestDay.objects.get_or_create(user=person, date=day)
        return bundle(person, due, f"digest {person.pk} {day}") if is_new else 0


@transaction.atomic
def bundle(person, notices, key):
    """Put notices into one mail; returns whether there were any that no other mail has."""
    if not notices.update(mail=key):
        return 0
    outbox.send_written(person.email, WRITER, {}, key, person)
    return 1


@outbox.writer(WRITER)
def write(mail):
    """Subject and body, or None where there is nothing to tell the person any more. For an address that has changed a new mail is made."""
    person = mail.person
    if person is None or roles.role(person) is None:
        return None
    notices = DeskNotice.objects.filter(user=person, mail=mail.key, read=None).order_by("pk")
    if person.email != mail.to:
        notices.update(mail="")
        return None
    count = notices.count()
    if not count:
        return None
    lines = [(in_words(line), line.notice.made) for line in mail_lines(person, notices[:MOST_LINES])]
    zone = zone_of(settings_of(person))
    address = settings.SITE_ADDRESS + reverse("admin:notices")
    told = {"lines": lines, "more": count - len(lines), "zone": zone.key, "address": address}
    with timezone.override(zone):
        body = render_to_string("admin/desk/notices.txt", told)
    subject = lines[0][0] if count == 1 else ngettext("%d notice from the CDM portal", "%d notices from the CDM portal", count) % count
    return subject, body


def in_words(line):
    """A notice in one line: the title, unless titles stay out of mails, what happened to it, and who did it."""
    named = line.named if settings.MAIL_TITLES else line.kind
    said = _("%(title)s %(what)s by %(who)s") if line.notice.by else _("%(title)s %(what)s")
    return outbox.one_line(said % {"title": named, "what": line.what, "who": line.notice.by})
