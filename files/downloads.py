"""Downloads of stored files: whole or in part, resumable, and never as something that a browser could run.

With X_ACCEL_REDIRECT set, nginx sends the bytes (docs/deploy.md), so that a slow reader holds no thread; who may have them is decided here.
"""

import re
import unicodedata
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.encoding import escape_uri_path
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

from files.formats import FORMATS, MADE, Format
from files.store import CHUNK, folder

RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*\Z", re.ASCII)
POLICY = "default-src 'none'; sandbox"
# Safari shows no PDF in a sandbox without scripts (its viewer is one); the origin stays opaque and every script of the file forbidden.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-scripts"
UNKNOWN = Format("file", "application/octet-stream", None)
# Set in the WSGI environ for a HEAD that the page cache asks as a GET.
IS_HEAD = "portal.is_head"
# nginx would weigh these by the file's own date and without our tag.
WEIGHED_BY_NGINX = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}


def with_composed_name(view):
    """Decorator of views: redirect from a decomposed file name (NFD, as some systems send it) to the composed one of the store."""

    @wraps(view)
    def composed(request, *args, **kwargs):
        path = unicodedata.normalize("NFC", request.path)
        return view(request, *args, **kwargs) if path == request.path else HttpResponsePermanentRedirect(escape_uri_path(path))

    return composed


class Part:
    """Iterator over `length` bytes of an open file from `start` on, in pieces."""

    def __init__(self, file, start, length):
        self.file, self.left = file, length
        file.seek(start)

    def __iter__(self):
        return self

    def __next__(self):
        piece = self.file.read(min(CHUNK, self.left))
        if not piece:
            self.close()
            raise StopIteration
        self.left -= len(piece)
        return piece

    def close(self):
        self.file.close()


def serve(request, stored, changed=None):
    """Response with a StoredFile; `changed` is when it came to this address. 404 or 503 in words if it cannot be read."""
    try:
        file = stored.open()
    except OSError as problem:
        return missing(request, stored, is_away=not isinstance(problem, FileNotFoundError) or not folder().is_dir())
    etag = f'"{stored.sha256}"'
    modified = changed and int(changed.timestamp())
    response = get_conditional_response(request, etag, modified)
    if response is None:
        response = answer(request, file, stored, etag, modified)
    else:
        file.close()
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, no-cache",
        "Content-Security-Policy": PDF_POLICY if stored.extension == "pdf" else POLICY,
        "X-Content-Type-Options": "nosniff",
    } | ({"Last-Modified": http_date(modified)} if modified else {})
    for name, value in headers.items():
        response.headers[name] = value
    return response


def serve_private(request, row):
    """Response with the file of a PrivateFile: whole or in part, stored by nobody, without a tag. 404 where the store has lost it.

    nginx sends none of them: each byte passes the check of who asks.
    """
    try:
        file = row.open()
    except FileNotFoundError as problem:
        raise Http404 from problem
    form = FORMATS.get(row.extension, UNKNOWN)
    headers = {
        "Content-Type": form.media_type + ("; charset=utf-8" if form.is_text else ""),
        "Content-Disposition": content_disposition_header(True, row.name),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=headers | {"Content-Length": str(row.size)})
    return sent_here(file, row, requested_range(request, None, None), headers)


def missing(request, stored, is_away):
    """404 in words for a file that the store has lost; 503 where the store itself cannot be reached."""
    response = render(request, "publishing/file_missing.html", {"file": stored, "is_away": is_away}, status=503 if is_away else 404)
    if is_away:
        response["Retry-After"], response["Cache-Control"] = "60", "private, no-store"
    return response


def answer(request, file, stored, etag, modified):
    form = (FORMATS | MADE).get(stored.extension, UNKNOWN)
    headers = {
        "Content-Type": form.media_type + ("; charset=utf-8" if form.is_text else ""),
        "Content-Disposition": content_disposition_header(not form.inline, stored.name),
    }
    if request.method == "HEAD" or request.META.get(IS_HEAD):
        file.close()
        return StreamingHttpResponse((), headers=headers | {"Content-Length": str(stored.size)})
    if settings.X_ACCEL_REDIRECT and not WEIGHED_BY_NGINX & request.META.keys():
        file.close()
        return StreamingHttpResponse((), headers=headers | {"X-Accel-Redirect": f"{settings.X_ACCEL_REDIRECT}{stored.place}"})
    return sent_here(file, stored, requested_range(request, etag, modified), headers)


def sent_here(file, stored, asked, headers):
    start, stop = (0, stored.size) if asked is None else bounds(asked, stored.size)
    if start >= stop and stored.size:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"}, content_type="text/plain; charset=utf-8")
    headers["Content-Length"] = str(stop - start)
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stored.size}"
    return StreamingHttpResponse(Part(file, start, stop - start), status=200 if asked is None else 206, headers=headers)


def requested_range(request, etag, modified):
    """The one range that is asked for, as a pair of texts, or None: several ranges, malformed ones, other units and a stale If-Range
    get the whole."""
    match = RANGE.match(request.headers.get("Range", ""))
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None
    condition = request.headers.get("If-Range")
    if condition and condition != etag and (modified is None or parse_http_date_safe(condition) != modified):
        return None
    return first, last


def bounds(asked, size):
    """First position and the one after the last; empty when the range lies outside."""
    first, last = asked
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
