"""Store of whole answers in a process, bounded in bytes: one CachedResponse for all codings of an answer."""

import gzip
from hashlib import blake2b
from operator import attrgetter

import brotli
from django.utils.http import parse_http_date_safe

from cdmportal.page_cache.negotiation import IDENTITY, holds_tag
from markup.lru import LRU

# Levels at which a page costs about a millisecond; the sizes of higher ones are 2-5 % smaller at many times the price.
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
COMPRESSIBLE = ("text/", "application/json", "application/feed+json", "application/xml", "application/atom+xml", "application/rss+xml")
COMPRESSIBLE += ("application/manifest+json", "application/opensearchdescription+xml", "application/link-format", "image/svg+xml")
WORTH_COMPRESSING = 400
OVERHEAD = 3000  # bytes of an answer's headers, key and objects, roughly
REPEATED_IN_304 = {"cache-control", "content-location", "etag", "expires", "vary", "link", "memento-datetime"}


class EncodedBody:
    """Answer in one coding, ready to be sent."""

    __slots__ = ("body", "headers", "headers_304", "tag")

    def __init__(self, headers, body, tag):
        self.tag, self.body = tag, body
        self.headers = [*headers, ("Content-Length", str(len(body)))]
        self.headers_304 = [(name, value) for name, value in headers if name.lower() in REPEATED_IN_304]


class CachedResponse:
    """Answer that holds for one version of the record. Each coding is made when first asked for."""

    __slots__ = ("_encoded", "body", "headers", "made", "size", "status", "version")

    def __init__(self, status, headers, body, version, made):
        self.status, self.headers, self.body, self.version, self.made = status, headers, body, version, made
        self.size = len(body) + OVERHEAD
        self._encoded = {}

    def content_type(self):
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    def is_older(self, date):
        """Whether the answer was last modified no later than a date of HTTP."""
        modified = next((parse_http_date_safe(value) for name, value in self.headers if name.lower() == "last-modified"), None)
        since = parse_http_date_safe(date)
        return modified is not None and since is not None and modified <= since

    def _make(self, coding):
        shrinks = len(self.body) >= WORTH_COMPRESSING and self.content_type().startswith(COMPRESSIBLE)
        body, used = self.body, IDENTITY
        if coding != IDENTITY and shrinks:
            packed = COMPRESS[coding](self.body)
            if len(packed) < len(self.body):
                body, used = packed, coding
        headers = list(self.headers)
        if shrinks:
            headers.append(("Vary", "Accept-Encoding"))
        tag = ""
        if self.status.startswith("200"):
            tag = entity_tag(self.body, used)
            headers.append(("ETag", tag))
        if used != IDENTITY:
            headers.append(("Content-Encoding", used))
            self.size += len(body)
        encoded = self._encoded[coding] = EncodedBody(headers, body, tag)
        return encoded

    def answer(self, coding, if_none_match, is_head, if_modified_since=None):
        """(status, headers, body) for a request that accepts `coding`; the conditions are the values of its headers of these names."""
        encoded = self._encoded.get(coding) or self._make(coding)
        if if_none_match and encoded.tag and holds_tag(if_none_match, encoded.tag):
            return "304 Not Modified", encoded.headers_304, b""
        if if_modified_since and not if_none_match and encoded.tag and self.is_older(if_modified_since):
            return "304 Not Modified", encoded.headers_304, b""
        return self.status, encoded.headers, b"" if is_head else encoded.body


def entity_tag(body, coding):
    """A tag made of nothing but the bytes sent, so that it tells no more than they do."""
    suffix = "" if coding == IDENTITY else f"-{coding}"
    return f'"{blake2b(body, digest_size=12).hexdigest()}{suffix}"'


class ResponseStore(LRU):
    """Cached responses by key, within a number of bytes; none takes more than a quarter of them."""

    def __init__(self, most):
        super().__init__(most, size=attrgetter("size"))

    def put(self, key, value):
        """Store a response, or measure it anew after it has grown; returns whether there is room for it."""
        if value.size * 4 > self.most:
            self.drop(key)
            return False
        super().put(key, value)
        return True
