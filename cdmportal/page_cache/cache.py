"""Page cache around the WSGI application: whole public answers, stored for one version of the record.

It stands outside Django because a stored answer then costs no request object, middleware or signal. For whom it never works: anybody with
a session. What it never stores: an answer that sets a cookie, depends on one, or asks not to be stored.
"""

import re
import time
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404, resolve
from django.utils.http import parse_header_parameters

from cdmportal import security
from cdmportal.middleware import PREFIX, READING, WITHOUT_A_PAST
from cdmportal.page_cache.negotiation import IDENTITY, coding_for
from cdmportal.page_cache.outage import GONE, with_notice
from cdmportal.page_cache.store import CachedResponse, ResponseStore
from cdmportal.page_cache.version_watch import VersionWatch
from cdmportal.request_id import ID, request_id
from cdmportal.sessions import opens_session
from files.downloads import IS_HEAD
from publishing.parameters import declared

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
STORED_STATUS = {"200", "301", "308", "410", "451"}
NEVER_STORED_IF = {"private", "no-store"}
# All that public views see of a visitor's headers. Answers to ranges and conditions are never stored.
CONDITIONS = {"HTTP_IF_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
PASSED_ON = {"HTTP_HOST", "HTTP_RANGE"} | CONDITIONS
# Of a body, which visitors' requests do not have. Django would read the query, too, in the charset that a Content-Type names.
OF_A_BODY = {"CONTENT_TYPE", "CONTENT_LENGTH"}
FROM_PROXY = {"HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR"}
PORT = re.compile(r":[0-9]{1,5}\Z")
LONGEST_PATH = LONGEST_QUERY = 1024
MOST_FIELDS = 100
SHARE_OF_WHAT_VISITORS_MAKE_UP = 8


class PageCache:
    """WSGI application around Django's; `most` is the number of bytes to store, 0 for none."""

    def __init__(self, application, most):
        self.application = application
        # Past moments and queries are without number: an eighth is theirs, so that they cannot push out the pages of now.
        self.made_up = ResponseStore(most // SHARE_OF_WHAT_VISITORS_MAKE_UP)
        self.now = ResponseStore(most - self.made_up.most)
        self.watch = VersionWatch(on_removal=self.clear)
        self.hosts = {host.lower() for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))}
        self.behind_proxy = settings.BEHIND_PROXY
        self.passed_on = PASSED_ON | FROM_PROXY if self.behind_proxy else PASSED_ON

    def clear(self):
        self.now.clear()
        self.made_up.clear()

    def __call__(self, environ, start_response):
        environ[ID] = request_id(environ, self.behind_proxy)
        method = environ["REQUEST_METHOD"]
        if method not in METHODS:
            return self.refuse_method(environ, start_response)
        if method == "HEAD":
            environ.pop("HTTP_RANGE", None)  # ranges are for GET alone (RFC 9110, 14.2)
        host = own_host(environ.get("HTTP_HOST", ""), self.hosts)
        is_personal = host is None or opens_session(environ.get("HTTP_COOKIE"))
        if is_personal or method not in {"GET", "HEAD"} or environ["PATH_INFO"].startswith(WITHOUT_A_PAST):
            # Only whether the database answers comes from the watch: which version to show, Django asks itself.
            environ[GONE] = self.watch.current()[1] is None
            if not is_in_utf_8(environ.get("CONTENT_TYPE", "")):
                return refuse(environ, start_response, "415 Unsupported Media Type")
            return self.application(environ, with_id(start_response, environ))
        environ["HTTP_HOST"] = host  # no answer depends on more of it
        return self.public(environ, start_response)

    def public(self, environ, start_response):
        """Answer to a visitor: from the store, else from the application, else the last good copy."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        if query:
            query = declared_query(path, query)
            if query is None:
                return self.application(self.visitor(environ), with_id(start_response, environ))
            environ["QUERY_STRING"] = query
        key = (self.scheme(environ), environ.get("HTTP_HOST"), path, query)
        store = self.made_up if query or path.startswith("/@") else self.now
        response, (now, public) = store.get(key), self.watch.current()
        if response is not None and public is not None and response.version == public.version:
            return send(response, store, key, environ, start_response)
        if public is None and response is not None:
            return send_last_good(response, environ, start_response)
        environ[GONE], environ[READING] = public is None, public and public.reading(now)
        return self.fresh(response, public and public.version, store, key, environ, start_response)

    def fresh(self, former, version, store, key, environ, start_response):
        answer = ApplicationResponse(self.application, self.visitor(environ))
        if former is not None and answer.status.startswith("503"):
            answer.close()
            return send_last_good(former, environ, start_response)
        if not answer.may_be_stored() or len(key[2]) > LONGEST_PATH:
            store.drop(key)
            return answer.pass_on(environ, start_response)
        response = CachedResponse(answer.status, answer.headers_to_store(), answer.body(), version, time.time())
        is_stored = self.put(response, store, key)
        return send(response, store if is_stored else None, key, environ, start_response)

    def put(self, response, store, key):
        """Store an answer unless something was published, or the clock set, while it was made; whether it is stored.

        Asked again afterwards: what is taken away meanwhile clears the store, perhaps just before this answer came into it.
        """
        if not self.is_public(response.version) or not store.put(key, response):
            return False
        if not self.is_public(response.version):
            store.drop(key)
            return False
        return True

    def is_public(self, version):
        public = self.watch.current()[1]
        return version is not None and public is not None and public.version == version

    def refuse_method(self, environ, start_response):
        """405 with the methods that the address does take; its view names them when asked for its options."""
        asking = self.visitor(environ) | {"REQUEST_METHOD": "OPTIONS", "CONTENT_LENGTH": ""}
        answer = ApplicationResponse(self.application, asking)
        answer.close()
        allowed = next((value for name, value in answer.headers if name.lower() == "allow"), "GET, HEAD")
        return refuse(environ, start_response, "405 Method Not Allowed", ("Allow", allowed))

    def scheme(self, environ):
        if self.behind_proxy:
            return "https" if environ.get("HTTP_X_FORWARDED_PROTO") == "https" else "http"
        return environ["wsgi.url_scheme"]

    def visitor(self, environ):
        """The request as public views may see it: a GET without cookies and other headers, so that no answer can depend on them."""
        dropped = {name for name in environ if name.startswith("HTTP_") and name not in self.passed_on} | OF_A_BODY
        bare = {name: value for name, value in environ.items() if name not in dropped}
        bare |= {"REQUEST_METHOD": "GET", IS_HEAD: environ["REQUEST_METHOD"] == "HEAD"}
        return bare


class ApplicationResponse:
    """Answer of the application, taken apart."""

    def __init__(self, application, environ):
        self.status, self.headers = "", []
        self.response = application(environ, self._start)

    def _start(self, status, headers, _exc_info=None):
        self.status, self.headers = status, headers

    def values(self, wanted):
        return [value.lower() for name, value in self.headers if name.lower() == wanted]

    def may_be_stored(self):
        if self.status[:3] not in STORED_STATUS or getattr(self.response, "streaming", True):
            return False
        if self.values("set-cookie") or self.values("content-encoding") or self.values("content-range"):
            return False
        varies = {word.strip() for value in self.values("vary") for word in value.split(",")}
        directives = {word.partition("=")[0].strip() for value in self.values("cache-control") for word in value.split(",")}
        return varies <= {"accept-encoding"} and not directives & NEVER_STORED_IF

    def headers_to_store(self):
        """Headers without those that belong to one coding or one request; with leave to store the answer but not to use it unasked."""
        own = {"content-length", "vary", "etag", "date"}
        headers = [(name, value) for name, value in self.headers if name.lower() not in own]
        return headers if self.values("cache-control") else [*headers, ("Cache-Control", "public, no-cache")]

    def body(self):
        try:
            return b"".join(self.response)
        finally:
            self.close()

    def close(self):
        self.response.close()

    def pass_on(self, environ, start_response):
        with_id(start_response, environ)(self.status, self.headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            self.close()
            return []
        return self.response


def send(response, store, key, environ, start_response):
    """Send an answer. One that is in no store goes out as it is: compressing it for one reader would cost more than it saves."""
    coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING")) if store is not None else IDENTITY
    size = response.size
    is_head, if_modified_since = environ["REQUEST_METHOD"] == "HEAD", environ.get("HTTP_IF_MODIFIED_SINCE")
    status, headers, body = response.answer(coding, environ.get("HTTP_IF_NONE_MATCH"), is_head, if_modified_since)
    if response.size != size and store is not None:
        store.put(key, response)
    start_response(status, [*headers, ("X-Request-ID", environ[ID])])
    return [body]


def send_last_good(response, environ, start_response):
    dropped = {"cache-control", "content-length"}
    body = with_notice(response.body, response.content_type(), response.made)
    headers = [(name, value) for name, value in response.headers if name.lower() not in dropped]
    headers += [("Cache-Control", "no-store"), ("Content-Length", str(len(body))), ("X-Request-ID", environ[ID])]
    start_response(response.status, headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def refuse(environ, start_response, status, *headers):
    with_id(start_response, environ)(status, [*security.headers().items(), *headers, ("Content-Length", "0")])
    return []


def is_in_utf_8(content_type):
    """Whether a request is in UTF-8, as browsers send all our forms: no other charset is read, least of all one that is no text's."""
    if "charset" not in content_type.lower():
        return True
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except ValueError:
        return False
    return charset.lower() == "utf-8"


def own_host(named, hosts):
    """The host of ours that a request names, whatever its port; None for others and for patterns, of which there is no end of names."""
    if named in hosts:
        return named
    name = PORT.sub("", named).lower()
    return name if name in hosts else None


def with_id(start_response, environ):
    def start(status, headers, _exc_info=None):
        return start_response(status, [*headers, ("X-Request-ID", environ[ID])])

    return start


def declared_query(path, query):
    """The query string reduced to what the view at `path` declares, in one order; None if there is no such view or it is beyond measure."""
    names = declared_at(path) if len(path) <= LONGEST_PATH and len(query) <= LONGEST_QUERY else None
    if names is None:
        return None
    if not names:
        return ""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return urlencode([(name, value) for wanted in names for name, value in fields if name == wanted])


@lru_cache(maxsize=2048)
def declared_at(path):
    path = get_path_info({"PATH_INFO": path})
    past = PREFIX.match(path)
    try:
        return declared(resolve(past["path"] if past and past["path"] else path).func)
    except Resolver404:
        return None
