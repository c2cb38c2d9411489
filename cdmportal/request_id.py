"""Id of a request, which stands in its answer and in every line of the log that it causes."""

import re
from contextvars import ContextVar
from random import getrandbits

ID = "portal.request_id"
FROM_PROXY = re.compile(r"[\w-]{8,64}\Z", re.ASCII)

current = ContextVar("request_id", default="")


def request_id(environ, behind_proxy=False):
    """The id that our own proxy gave the request, else a new one."""
    if behind_proxy and FROM_PROXY.match(given := environ.get("HTTP_X_REQUEST_ID", "")):
        return given
    return f"{getrandbits(64):016x}"
