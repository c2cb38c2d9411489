"""Things of every kind with a payload in every field that takes text, and the addresses of all that shows them."""

import io
import re
from collections import Counter
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse

from calls.models import PublishedSubmission
from files import store
from files.fields import StoredFileField
from markup.characters import FORBIDDEN
from publishing import kinds, ledger
from publishing.fields import ThingListField
from publishing.models import Thing
from publishing.moment import Moment
from tests.files import samples

SAFE_SLUG = "x-{family}-{number}"
DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SOUND = settings.BASE_DIR / "fixtures" / "files" / "reading-a-past-date.mp3"


def everything_in(payload):
    """A Markdown text with the payload in every place that Markdown has."""
    line = " ".join(payload.split("\n"))
    return "\n\n".join(
        [
            payload,
            f"# {line}",
            f"[{line}](/about/)",
            f"[x]({line})",
            f'[x](/about/ "{line}")',
            f"![{line}](/x.png)",
            f"![x]({line})",
            f"| {line} |\n|---|\n| {line} |",
            f"- {payload}",
            f"> {payload}",
            f"```\n{payload}\n```",
            f"`{line}`",
            f"x[^1]\n\n[^1]: {line}",
            f"[r][]\n\n[r]: {line}",
            f"<{line}>",
        ]
    )


class Planter:
    """Makes drafts by what their fields are. `planted` are the live ones; `stood` counts the payloads that each text field took."""

    def __init__(self, family):
        self.family = "".join(letter if letter.isalnum() else "-" for letter in family.lower())
        self.planted, self.refused, self.stood = [], set(), Counter()
        self.files = {"recording": self.keep(SOUND.read_bytes()), "picture": self.keep(samples.png()), None: self.keep(b"words\n")}

    @staticmethod
    def keep(content):
        return store.keep(io.BytesIO(content), "x")

    def plant(self, payloads, *names, but=(), first=0):
        """A thing of every kind (or of those named) for each payload with it in every field, published with a note that bears them all.

        What a form refuses, publishing refuses as well: then the field gets an ordinary word, and `refused` names it.
        """
        for turn, kind in enumerate(self.ordered()):
            if (not names or kind.name in names) and kind.name not in but:
                note = "\n\n".join(FORBIDDEN.sub("", payload) for payload in payloads[turn:] + payloads[:turn])
                drafts = [self.draft(kind, number, payload) for number, payload in enumerate(payloads, first)]
                ledger.publish(drafts, note=note, author=note[:150])
                self.planted += drafts

    def ordered(self):
        """Kinds that others point to first."""
        return sorted(kinds.every(), key=lambda kind: any(self.must_point(field) for field in kind.draft.content_fields()))

    @staticmethod
    def must_point(field):
        return isinstance(field, models.ForeignKey) and not field.null

    def draft(self, kind, number, payload, draft=None):
        """A new draft with the payload in it, or the given one with this payload in place of what it said."""
        payload = FORBIDDEN.sub("", payload)
        if kind.name in {"issue", "term"}:  # their names must differ, however short the field
            payload = f"{payload[:70]} {number}"
        values = {field.attname: self.value(kind, field, number, payload) for field in kind.draft.content_fields()}
        values = {name: value for name, value in values.items() if value is not None}
        if draft:  # it stays with what it belongs to
            values = {name: value for name, value in values.items() if not self.must_point(kind.draft._meta.get_field(name))}
        draft = draft or kind.draft()
        for name, value in values.items():
            setattr(draft, name, value)
        refused = self.refused_by(draft)
        draft.save()
        self.stood.update((kind.name, field.name) for field in attackable(kind) if values.get(field.attname) and field.name not in refused)
        return draft

    def refused_by(self, draft):
        """Put an ordinary word into each field that the draft's own rules refuse, and return the names of those."""
        try:
            draft.full_clean()
        except ValidationError as error:
            for name in error.message_dict:
                field = draft._meta.get_field(name)
                may_be_empty = field.blank and (draft.KIND, name) != ("submission", "name")  # it stands for the organisation too
                setattr(draft, field.attname, field.get_default() if may_be_empty else "word")
            self.refused |= {(draft.KIND, name) for name in error.message_dict}
            return set(error.message_dict)
        return set()

    def value(self, kind, field, number, payload):
        made = (self.text if isinstance(field, models.CharField | models.TextField) else self.other)(field, number, payload)
        if isinstance(field, models.ForeignKey) and self.must_point(field):
            wanted = field.get_limit_choices_to().get("kind", "page")
            return Thing.objects.filter(kind=wanted).latest("pk").pk
        if field.name == "of_meeting":  # a title with the payload then stands on the pages of documents and news too
            return Thing.objects.filter(kind="meeting").values_list("pk", flat=True).last()
        return made

    def text(self, field, number, payload):
        if field.choices:
            return field.flatchoices[0][0]
        if isinstance(field, models.SlugField):
            return SAFE_SLUG.format(family=self.family, number=number)
        if is_number(field):
            return str(number + 1)
        if field.name.endswith(("_url", "_address")):
            return self.address(field, number, payload)
        if (field.model.KIND, field.name) in {("body", "name"), ("body", "short"), ("meeting", "designation")}:
            return f"{payload[: field.max_length - 4]} {number}"  # no two bodies, and no two meetings of one, share one
        fixed = {"zone": "UTC", "alternative": f"Seen: {payload}"}  # words instead of a picture are not its title
        if field.name in fixed:
            return fixed[field.name][: field.max_length]
        if field.name == "meeting_label":
            return f"{payload[: field.max_length - 9].replace('{number}', '')} {{number}}"
        if field.name == "abbreviation":
            return f"{payload[:17]}{number}"  # no two terms share one
        if field.name == "body":
            return everything_in(payload)
        return payload[: field.max_length]

    @staticmethod
    def address(field, number, payload):
        """An outside address with the payload; every second time none where a file may stand in its place."""
        if field.name == "outside_address" and number % 2:
            return ""
        return ("https://example.org/" + re.sub(r"\s", "%20", payload))[: field.max_length]

    def other(self, field, number, payload):
        if isinstance(field, StoredFileField) and field.blank and field.name == "file" and number % 2 == 0:
            return None
        if isinstance(field, StoredFileField):
            kept = self.files.get(field.model.KIND, self.files[None])
            extension = {"recording": ".mp3", "picture": ".png"}.get(field.model.KIND, ".txt")
            named = self.file_name(payload) + field.name.removeprefix("file")
            return store.StoredFile(kept.sha256, kept.size, named + extension)
        if isinstance(field, ThingListField):
            return [draft.pk for draft in self.planted[-3:]]
        if isinstance(field, models.DateTimeField):
            return NOON if field.name in {"closes", "submitted"} else None
        if isinstance(field, models.DateField):
            return None if "to" in field.name or field.name.endswith("_day") else DAY
        if isinstance(field, models.JSONField):
            return self.listed(field, payload, number)
        if field.name == "submission_number":
            return PublishedSubmission.objects.filter(of_call=Thing.objects.filter(kind="call").latest("pk")).count() + 1
        if isinstance(field, models.FloatField) or (isinstance(field, models.PositiveIntegerField) and is_number(field)):
            return number + 1
        return None

    @staticmethod
    def listed(field, payload, number):
        if field.name == "aliases":
            return [f"{payload[:100]} {number} too"]  # no two bodies share one
        if field.name == "topics" and field.model.KIND != "call":
            return ["board"]
        if field.name == "foreign_names":
            return ["fr: " + " ".join(payload.split())[:100]]
        line = " ".join(payload.replace("|", "/").replace(";", ",").split())
        if field.name == "files":  # those that a release was read from
            return [{"name": payload[:80], "rows": number, "sha256": "0" * 64}]
        if field.name == "topics":
            return [f"topic | {line[:180]}"]
        if field.name == "seats":
            return [f"1 chair, {line[:60]}"]
        if field.name == "points":
            return [f"1 | {line} | {line}"]
        if field.name == "sittings":
            return [f"{DAY}; open; {line[:100]}"]
        if field.name == "equals":
            return [f"{payload[:100]} one", f"{payload[:100]} other"]
        return [payload[:60] if field.name == "subjects" else payload]

    @staticmethod
    def file_name(payload):
        return "".join("_" if letter in "/\\\x00\r\n" else letter for letter in payload)[:80]


LISTS = """
/pictures/ /pictures/index.md /pictures/?format=json /pictures/?format=csv
/timeline/ / /glossary/ /glossary/index.md /news/ /news/index.md /news/2026/ /news/2026/03/ /news/2026/03/10/ /news/topics/
/news/topics/board/ /newsletters/ /newsletters/index.md /audio/ /audio/index.md /documents/ /documents/index.md
/documents/?format=json /documents/?format=csv /news/?format=json /news/?format=csv /search/ /quickfinder/
/quickfinder/suggestions/?q=a /search/?q=pwn /search/?q=pwn&format=json /search/?q=pwn&format=atom /search/index.md?q=pwn
/search/?q=pwn&page=2 /quickfinder/?q=pwn /quickfinder/suggestions/?q=pwn&format=opensearch /sitemap.xml /llms.txt /robots.txt
/manifest.webmanifest /search/opensearch.xml /news/feed/atom/ /news/feed/rss/ /news/feed/json/ /news/topics/board/feed/atom/
/newsletters/feed/atom/ /newsletters/feed/rss/ /newsletters/feed/json/ /audio/feed/podcast/ /admin/ /history/ /index.md /timemap/
/styles/ /panels/ /panels/index.md /public-inputs/ /public-inputs/calendar.ics /public-inputs/feed/atom/
/projects/ /projects/?facets=all /projects/?format=atom /programmes/ /programmes/index.md
""".split()
BELOW = ("", "history/", "history/index.md", "index.md", "timemap/")
DESK = ("publish", "withdraw", "share", "preview", "history", "erase")


def attackable(kind):
    """The fields of a kind that take any text: people may write a payload there."""
    for field in kind.draft.content_fields():
        is_text = isinstance(field, models.CharField | models.TextField | StoredFileField) and not isinstance(field, models.SlugField)
        is_list = isinstance(field, models.JSONField) and not isinstance(field, ThingListField)
        if (is_text or is_list) and not field.choices and not is_number(field) and field.name not in {"topics", "zone"}:
            yield field


def is_number(field):
    return field.name.endswith("number")


def public_addresses(drafts, in_full=()):
    """Addresses of live things; for those also `in_full` the ones of their history, differences and sources too."""
    targets = kinds.targets([(draft.kind, draft.pk) for draft in drafts], Moment())
    for draft in drafts:
        target = targets.get(draft.pk)
        if not target or target.outside or not target.address.endswith("/"):
            continue
        for below in BELOW if draft in in_full else BELOW[:1]:
            yield target.address + below
        if draft in in_full:
            number = draft.editions.order_by("-number").values_list("number", flat=True).first()
            yield f"{target.address}history/{number}/"
            yield f"{target.address}history/{number}/index.md"


def desk_addresses(drafts, turn):
    """The form of each thing, and in turn one of the other views of the desk."""
    for draft in drafts:
        names = f"admin:{draft._meta.app_label}_{draft._meta.model_name}"
        for view in ("change", DESK[turn % len(DESK)]):
            try:
                yield reverse(f"{names}_{view}", args=[draft.pk])
            except NoReverseMatch:
                continue


def desk_lists():
    for kind in kinds.every():
        names = f"admin:{kind.draft._meta.app_label}_{kind.draft._meta.model_name}"
        for view in ("changelist", "add"):
            try:
                yield reverse(f"{names}_{view}")
            except NoReverseMatch:
                continue
