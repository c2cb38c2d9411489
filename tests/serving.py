"""The whole WSGI application as a server would call it, page cache included, and things to publish on it."""

import io
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from django.core.wsgi import get_wsgi_application

from cdmportal.page_cache.cache import PageCache
from pages.models import Page
from publishing import ledger

MEGABYTE = 1_000_000


@dataclass
class ServedAnswer:
    status: int
    headers: list
    body: bytes

    def __getitem__(self, name):
        return next((value for header, value in self.headers if header.lower() == name.lower()), None)

    def all(self, name):
        return [value for header, value in self.headers if header.lower() == name.lower()]

    @property
    def text(self):
        return self.body.decode()


class Portal:
    """Calls a PageCache the way a server does; `made` counts how often the application behind it was asked."""

    every = []

    def __init__(self, most=MEGABYTE):
        self.every.append(self)
        self.made = 0
        self._django = get_wsgi_application()
        self.cache = PageCache(self._count, most)

    @classmethod
    def close_all(cls):
        """End the watches and their connections, so that the test's database can be emptied and dropped."""
        while cls.every:
            cls.every.pop().cache.watch.close()

    def _count(self, environ, start_response):
        self.made += 1
        self.seen = environ
        return self._django(environ, start_response)

    def get(self, address, **headers):
        return self.ask("GET", address, **headers)

    def ask(self, method, address, body=b"", scheme="http", **headers):
        """Header names as keywords: `Accept_Encoding="br"`."""
        parts = urlsplit(address)
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
        }
        for name, value in headers.items():
            key = name.upper()
            environ[key if key in {"CONTENT_TYPE", "REMOTE_ADDR"} else f"HTTP_{key}"] = value
        started = []
        response = self.cache(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
        try:
            sent = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        (status, sent_headers), *rest = started
        assert not rest, "an answer starts once"
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in sent_headers)
        return ServedAnswer(int(status[:3]), sent_headers, sent)


def draft(slug, title="A page", body="Words.", parent=None, **fields):
    page = Page(slug=slug, title=title, body=body, parent=parent, **fields)
    page.save()
    return page


def publish(slug, title="A page", body="Words.", parent=None, live_from=None, **fields):
    """A new page, published."""
    page = draft(slug, title, body, parent, **fields)
    ledger.publish([page], live_from)
    return page


def publish_again(page, live_from=None, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save()
    return ledger.publish([page], live_from, on_pending=ledger.OnPending.DROP)
