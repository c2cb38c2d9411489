"""Parameters of the addresses for programmes: what each may be, for the description and for the check of a request."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from publishing.facets import LONGEST_VALUE, MOST_CHOSEN
from registry import filters

# No control characters but tab and line feed, no marks that turn the direction, no non-characters, nothing that was no UTF-8.
ALLOWED = r"[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufdd0-\ufdef\ufffd-\uffff]"


@dataclass(frozen=True)
class Parameter:
    """Parameter of an address. `schema` is a JSON Schema of the keywords that `problem` checks; of an array several may be given.

    What `is_named` says which thing is meant: the view answers 404 where there is none, so its schema is not checked beforehand.
    """

    name: str
    told: str
    schema: dict
    place: str = "query"
    is_required: bool = False
    is_named: bool = False
    example: str | list | None = None

    def described(self):
        found = {"name": self.name, "in": self.place, "required": self.is_required, "description": self.told, "schema": self.schema}
        return found | ({"example": self.example} if self.example is not None else {})

    def problem(self, values):
        """What is wrong with the texts that an address gives for it, in words; empty where nothing is."""
        if self.schema["type"] != "array":
            if len(values) > 1:
                return _("%(name)s: given more than once") % {"name": self.name}
            wrong = [] if self.is_named else [value for value in values if not fits(value, self.schema)]
        elif len(values) > self.schema["maxItems"]:
            return _("%(name)s: more than %(most)s values") % {"name": self.name, "most": self.schema["maxItems"]}
        else:
            wrong = [value for value in values if not fits(value, self.schema["items"])]
        return f"{self.name}: {expected(self.schema.get('items', self.schema))}" if wrong else ""


def fits(text, schema):
    """Whether a text of an address is a value of the schema of a string or an integer."""
    if schema["type"] == "integer":
        is_number = re.fullmatch(r"-?[0-9]{1,15}", text)
        return bool(is_number) and schema["minimum"] <= int(text) <= schema["maximum"]
    if len(text) > schema.get("maxLength", len(text)) or text not in schema.get("enum", [text]):
        return False
    return re.search(schema["pattern"].removesuffix("$") + r"\Z", text) is not None if "pattern" in schema else True


def expected(schema):
    if "enum" in schema:
        return _("one of %(values)s") % {"values": ", ".join(schema["enum"])}
    if schema["type"] == "integer":
        return _("a number from %(least)s to %(most)s") % {"least": schema["minimum"], "most": schema["maximum"]}
    if "description" in schema:
        return schema["description"]
    return _("at most %(most)s characters in UTF-8, without control characters") % {"most": schema["maxLength"]}


def text(longest):
    return {"type": "string", "maxLength": longest, "pattern": f"^{ALLOWED}{{0,{longest}}}$"}


def one_of(values):
    return {"type": "string", "enum": [str(value) for value in values]}


def several(schema, most):
    return {"type": "array", "items": schema, "maxItems": most}


def plain(name, told, longest, **more):
    return Parameter(name, told, text(longest), **more)


def choice(name, told, values, **more):
    return Parameter(name, told, one_of(values), **more)


def step(name, told, pattern, example):
    """Part of the path; what does not fit is not found."""
    return Parameter(name, told, {"type": "string", "pattern": f"^{pattern}$"}, "path", is_required=True, is_named=True, example=example)


def of_facets(facets, longest=LONGEST_VALUE, most=MOST_CHOSEN):
    """Those of a list's facets; several values are "or", one that nothing has matches nothing."""
    return [Parameter(facet.name, str(facet.label or facet.name), several(text(longest), most)) for facet in facets]


def page(most=999_999):
    return Parameter(
        "page", "Number of the page, from 1; 404 beyond the last.", {"type": "integer", "minimum": 1, "maximum": most}, is_named=True
    )


DAY = {
    "type": "string",
    "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
    "description": "a day, month or year, such as 2010-03-10, 2010-03, 2010",
}
NUMBER = {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$", "description": "a number, such as 1000 or 0.5"}
NUMBER_OF_ACTIVITY = {"type": "string", "pattern": "^[0-9]{1,9}$", "description": "a number of at most nine digits"}


def of_activities(without=()):
    """Those of the lists of activities, by the names of registry.filters in their order."""
    return [of_activity(name) for name in filters.NAMES if name not in without] + [
        choice("sort", "Order of the rows.", filters.ORDERS),
    ]


def of_activity(name):
    if name == "q":
        return plain("q", "Words of titles and of what stands beside; all must be there.", filters.LONGEST_WORDS)
    if name in filters.TOGETHER:
        return choice(name, f"{filters.TOGETHER[name]}, not one of them.", ["1"])
    if name in filters.YES_OR_NO:
        return Parameter(
            name, " / ".join(map(str, filters.YES_OR_NO[name].values())), several(one_of(filters.YES_OR_NO[name]), filters.MOST_VALUES)
        )
    if name in filters.ENDS:
        of, place = filters.ENDS[name]
        return Parameter(name, f"{filters.RANGES[of][place]}.", DAY if of in filters.DAYS else NUMBER)
    if name == "ref":
        return Parameter("ref", "Numbers of activities.", several(NUMBER_OF_ACTIVITY, filters.MOST_VALUES))
    label = str(filters.FACET[name].label) if name in filters.FACET else "Verified by"
    told = f"{label}. Several values are “or”; one that the release does not have matches nothing."
    return Parameter(name, told, several(text(filters.LONGEST_VALUE), filters.MOST_VALUES))
