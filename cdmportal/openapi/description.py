"""The OpenAPI 3.1 document of the addresses for programmes. Plain data, made from `addresses.py`."""

import re
from dataclasses import dataclass, field

from cdmportal.openapi.parameters import Parameter, choice
from cdmportal.openapi.schemas import components

TEXT = {"type": "string"}
CSV, JSON, NDJSON, GEOJSON, SVG = "text/csv", "application/json", "application/x-ndjson", "application/geo+json", "image/svg+xml"
ATOM, RSS, JSON_FEED, CALENDAR = "application/atom+xml", "application/rss+xml", "application/feed+json", "text/calendar"
ABOUT = """All addresses that answer programmes with data. Each is public, asks for no key, and answers GET and HEAD alone.

Put `/@2010-03-10` or `/@2010-03-10T17:00` in front of a path and the answer is that of the moment, in UTC: the second server below. One
to come is not found. The addresses of the portal's own state (`/healthz`, `/readyz`) have no past.

Where `format` is left out the same address is a page for people, which is not described here and forgives what a programme is told of with
400. Most pages are there as Markdown too, at `index.md` below their address."""
WORDS = {
    "301": "It lives at another address, which `Location` names; the query goes with it",
    "304": "The answer is the one that `If-None-Match` names",
    "400": "A parameter is given more than once, or is not as described; the text says which",
    "404": "Nothing of that name at the moment, no such page, or no such format",
    "410": "It was withdrawn",
    "451": "It was erased for legal cause",
    "503": "It is not ready",
}
TAG = Parameter("If-None-Match", "The `ETag` of an answer that is still at hand.", TEXT, "header")


@dataclass(frozen=True)
class MachineAddress:
    """Address that answers programmes. `view` is its name in the URLconf, `path` has the parts of the path in braces.

    `formats` maps each value of `format` to its media type and schema; "" is the answer without one, where that is no page for people.
    `also` are further statuses; 200, 304, 400 and 404 follow from the rest. `columns` are those of its CSV.
    """

    view: str
    path: str
    summary: str
    formats: dict
    parameters: tuple = ()
    also: tuple = ()
    columns: tuple = ()
    has_past: bool = True
    schemas: dict = field(default_factory=dict)  # of an answer that is not 200, by status

    @property
    def format(self):
        """The parameter that chooses the format, or None where there is one format alone."""
        names = [name for name in self.formats if name]
        told = "Format of the answer." if "" in self.formats else "Format of the answer; without it there is a page for people."
        return choice("format", told, names, is_required="" not in self.formats, is_named=True) if names else None

    @property
    def query(self):
        """The parameters of its query."""
        own = [one for one in self.parameters if one.place == "query"]
        return [*own, self.format] if self.format else own

    def statuses(self):
        found = {"200", *self.also}
        if self.query:
            found.add("400")
        if self.has_past:
            found.add("304")
        if any(one.is_named for one in (*self.query, *self.parameters)):
            found.add("404")
        return sorted(found)

    def described(self, site):
        path_parts = [one for one in self.parameters if one.place == "path"]
        given = [*path_parts, *self.query, *([TAG] if self.has_past else [])]
        operation = {
            "operationId": re.sub(r"\W+", "_", self.path).strip("_"),
            "summary": self.summary,
            "parameters": [one.described() for one in given],
            "responses": {status: self.response(status) for status in self.statuses()},
        }
        return {"get": operation} | ({} if self.has_past else {"servers": [{"url": site}]})

    def response(self, status):
        if status == "200":
            return {"description": "As asked for", "content": self.content()}
        found = {"description": WORDS[status]}
        if status == "301":
            return found | {"headers": {"Location": {"required": True, "schema": TEXT}}}
        if status == "304":
            return found
        kinds = {"text/plain": TEXT} if status == "400" else {"text/html": TEXT}
        kinds = self.schemas.get(status, kinds)
        return found | {"content": {kind: {"schema": schema} for kind, schema in kinds.items()}}

    def content(self):
        found = {}
        for media_type, schema in self.formats.values():
            found[media_type] = {"schema": schema}
        if self.columns:
            found[CSV]["x-columns"] = list(self.columns)
        return found


def document(site, addresses):
    past = {"moment": {"default": "2010-03-10", "description": "A day, or a day and a time such as 2010-03-10T17:00, in UTC."}}
    servers = [
        {"url": site, "description": "Now"},
        {"url": site + "/@{moment}", "description": "As it stood at a moment", "variables": past},
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": "CDM portal", "version": "2", "description": ABOUT},
        "servers": servers,
        "paths": {address.path: address.described(site) for address in addresses},
        "components": {"schemas": components()},
    }
