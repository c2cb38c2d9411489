"""Logs for machines: one JSON object a line, with the request's id and nothing about the person who asked.

No address, user name, query, form value or header is written. A traceback keeps its places in the code, never the values; an
exception's text is written only where it comes from the database's connection or the operating system.
"""

import json
import logging
import re
import time
import traceback
from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError

from cdmportal.request_id import ID, current, request_id

TELLS_NO_VALUES = (OperationalError, InterfaceError, OSError)
SECRET_IN_PATH = re.compile(
    r"(/shared/|/(?:admin|extranets)/(?:invitation|reset)/|/public-inputs/(?:receipt|confirm|withdraw)/|/pictures/draft/)[^/]+"
)
EXTRA = ("method", "path", "status", "milliseconds")
log = logging.getLogger("portal.requests")


class JSONFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": current.get(),
            "message": without_secrets(record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = described(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value != ""}, ensure_ascii=False)


def described(error):
    """An exception by its type and the places that it passed, without the values that were at hand there."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    told = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "places": places}
    if isinstance(error, TELLS_NO_VALUES):
        told["text"] = str(error).partition("\n")[0]
    if error.__cause__:
        told["cause"] = described(error.__cause__)
    return told


def without_secrets(text):
    return SECRET_IN_PATH.sub(r"\1...", text)


class RequestLogMiddleware:
    """Middleware, outermost: gives the request its id if the page cache has not, and logs it. Answers of the page cache leave no line."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        current.set(request.META.setdefault(ID, request_id({})))
        start = time.perf_counter()
        response = self.get_response(request)
        facts = {
            "method": request.method,
            "path": without_secrets(request.path),
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - start) * 1000, 1),
        }
        log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "request", extra=facts)
        return response
