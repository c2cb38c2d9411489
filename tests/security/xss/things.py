"""Things of every kind with a payload in every field that takes text, and the addresses of all that shows them."""

import io
import re
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse

from publishing import files, kinds, ledger
from publishing.fields import ThingListField
from publishing.files import StoredFileField
from publishing.models import Thing
from publishing.moment import Moment
from publishing.text import FORBIDDEN

SAFE_SLUG = "x-{family}-{number}"
DAY = date(2026, 3, 10)
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
    """Makes drafts by what their fields are. `planted` are the live ones."""

    def __init__(self, family):
        self.family = "".join(letter if letter.isalnum() else "-" for letter in family.lower())
        self.planted, self.refused = [], []
        self.files = {"recording": self.keep(SOUND.read_bytes()), None: self.keep(b"words\n")}

    @staticmethod
    def keep(content):
        return files.keep(io.BytesIO(content), "x")

    def plant(self, number, payload):
        """One thing of every kind with the payload in it, published with a note that bears it too.

        What a form refuses, publishing refuses as well: then the field gets an ordinary word, and `refused` says so.
        """
        payload = FORBIDDEN.sub("", payload)
        for kind in self.ordered():
            # Issues and terms must have names of their own.
            own = f"{number} {payload}" if kind.name in {"issue", "term"} else payload
            draft = self.draft(kind, number, own)
            try:
                ledger.publish([draft], note=payload, author=payload[:150])
            except ValidationError as error:
                self.refused.append((kind.name, str(error)))
            else:
                self.planted.append(draft)

    def ordered(self):
        """Kinds that others point to first."""
        return sorted(kinds.every(), key=lambda kind: any(self.must_point(field) for field in kind.draft.content_fields()))

    @staticmethod
    def must_point(field):
        return isinstance(field, models.ForeignKey) and not field.null

    def draft(self, kind, number, payload):
        values = {}
        for field in kind.draft.content_fields():
            value = self.value(kind, field, number, payload)
            if value is not None:
                values[field.attname] = value
        draft = kind.draft(**values)
        try:
            draft.full_clean()
        except ValidationError as error:
            for name in error.message_dict:
                self.refused.append((kind.name, name))
                field = draft._meta.get_field(name)
                setattr(draft, field.attname, "" if field.blank else "word")
        draft.save()
        return draft

    def value(self, kind, field, number, payload):
        made = (self.text if isinstance(field, models.CharField | models.TextField) else self.other)(field, number, payload)
        if isinstance(field, models.ForeignKey) and self.must_point(field):
            wanted = field.get_limit_choices_to().get("kind", "page")
            return Thing.objects.filter(kind=wanted).latest("pk").pk
        return made

    def text(self, field, number, payload):
        if field.choices:
            return field.flatchoices[0][0]
        if isinstance(field, models.SlugField):
            return SAFE_SLUG.format(family=self.family, number=number)
        if "number" in field.name:
            return str(number + 1)
        if field.name.endswith(("_url", "_address")):
            return self.address(field, number, payload)
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
        if isinstance(field, StoredFileField) and field.blank and number % 2 == 0:
            return None
        if isinstance(field, StoredFileField):
            kept = self.files.get(field.model.KIND, self.files[None])
            extension = ".mp3" if field.model.KIND in self.files else ".txt"
            return files.StoredFile(kept.sha256, kept.size, self.file_name(payload) + extension)
        if isinstance(field, ThingListField):
            return [draft.pk for draft in self.planted[-3:]]
        if isinstance(field, models.DateField):
            return None if "to" in field.name else DAY
        if isinstance(field, models.JSONField):
            return self.listed(field, payload)
        if isinstance(field, models.PositiveIntegerField) and "number" in field.name:
            return number + 1
        return None

    @staticmethod
    def listed(field, payload):
        return ["board"] if "topics" in field.name else [payload]

    @staticmethod
    def file_name(payload):
        return "".join("_" if letter in "/\\\x00\r\n" else letter for letter in payload)[:80]


LISTS = """
/ /glossary/ /news/ /news/2026/ /news/2026/03/ /news/2026/03/10/ /news/topics/ /news/topics/board/ /newsletters/ /audio/
/documents/ /documents/?format=json /documents/?format=csv /news/?format=json /news/?format=csv /search/ /quickfinder/
/quickfinder/suggestions/?q=a /sitemap.xml /llms.txt /robots.txt /manifest.webmanifest /search/opensearch.xml
/news/feed/atom/ /news/feed/rss/ /news/feed/json/ /news/topics/board/feed/atom/ /newsletters/feed/atom/
/newsletters/feed/rss/ /newsletters/feed/json/ /audio/feed/podcast/ /admin/ /history/ /index.md /timemap/ /styles/
""".split()
BELOW = ("", "history/", "index.md", "timemap/")
DESK = ("publish", "withdraw", "share", "preview", "history", "erase")


def public_addresses(drafts, in_full):
    """Addresses of live things; with `in_full` those of their history, differences and sources too."""
    moment = Moment()
    for draft in drafts:
        target = kinds.targets([(draft.kind, draft.pk)], moment).get(draft.pk)
        if not target or target.outside or not target.address.endswith("/"):
            continue
        for below in BELOW if in_full else BELOW[:1]:
            yield target.address + below
        if in_full:
            number = draft.editions.order_by("-number").values_list("number", flat=True).first()
            yield f"{target.address}history/{number}/"


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
