"""Pages of the content tree, glossary terms and site notices."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from publishing.content import Content, Draft
from publishing.fields import ForeignNamesField, body_field, foreign_names
from publishing.models import Edition, Thing

# Last parts of addresses that the portal itself answers at every page.
RESERVED_SLUGS = {"history", "timemap", "index.md", "preview"}
RESERVED_TOP_SLUGS = set(
    "admin static media search quickfinder healthz readyz styles shared jsi18n at parties entities releases data timeline cards"
    " pictures".split()
)


class PageContent(Content):
    KIND = "page"
    ERASABLE = ("title", "menu_title", "summary", "body")
    UNVERSIONED = ("position",)
    UNIQUE = ("parent", "slug")

    parent = models.ForeignKey(
        Thing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "page"},
        verbose_name="page above",
        help_text="Its address comes before this page's own. Moving a page moves everything below it.",
    )
    slug = models.SlugField(
        "address",
        max_length=80,
        blank=True,
        help_text="Last part of the address: letters, digits and hyphens. Old addresses lead here after a change.",
    )
    position = models.PositiveIntegerField(
        "place among its neighbours", default=0, help_text="Order among its neighbours in the menu, lowest first."
    )
    title = models.CharField(max_length=200)
    menu_title = models.CharField(
        "short title", max_length=80, blank=True, help_text="For the menu and the “Your location” line; empty means the title."
    )
    summary = models.TextField(max_length=400, blank=True, help_text="One or two sentences for lists and search results.")
    body = body_field(help_text="In Markdown: “How to format the text” below shows how.")
    in_menu = models.BooleanField("show in the menu", default=True)
    menu_below = models.ForeignKey(
        Thing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "page"},
        verbose_name="show in the menu below",
        help_text="For a page that the menu shows below another page than the one above it in its address.",
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.menu_title or self.title

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        if not self.slug and self.parent_id:
            raise ValidationError({"slug": _("Only CDM Home, at the top of the tree, may have an empty address.")})
        if self.slug in RESERVED_SLUGS or (self.parent_id is None and self.slug in RESERVED_TOP_SLUGS):
            raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}})


class Page(PageContent, Draft):
    class Meta:
        verbose_name = "page"

    def clean(self):
        super().clean()
        if self.pk and self.pk in (self.parent_id, self.menu_below_id):
            raise ValidationError({"parent": _("“%(page)s” cannot be placed below itself.") % {"page": self}})


class PageEdition(Edition, PageContent):
    class Meta:
        indexes = [models.Index(fields=["slug", "parent"], name="page_edition_slug")]


class TermContent(Content):
    KIND = "term"
    ERASABLE = ("name", "abbreviation", "synonyms", "foreign_names", "body")
    UNIQUE = ("slug",)

    name = models.CharField("term", max_length=120)
    abbreviation = models.CharField(max_length=20, blank=True, help_text="Explained by its term wherever it first occurs on a page.")
    slug = models.SlugField("address", max_length=80, help_text="Last part of the address below /glossary/: letters, digits and hyphens.")
    synonyms = models.JSONField(default=list, blank=True, help_text="Other words for the same thing.")
    foreign_names = ForeignNamesField(
        "names in other languages",
        help_text="One a line, the language first, such as “fr: Conseil exécutif”. The search and the Quickfinder find them.",
    )
    body = body_field(verbose_name="definition", help_text="One to three sentences. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def title(self):
        return self.name

    @property
    def label(self):
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    @property
    def path(self):
        return f"/glossary/{self.slug}/"

    @property
    def in_other_languages(self):
        """(language, name) pairs."""
        return foreign_names(self.foreign_names)

    @property
    def letter(self):
        """Letter of the index under which the term stands: its first one, without accents."""
        first = unicodedata.normalize("NFKD", self.name)[:1].upper()
        return first if first.isalpha() else "0-9"

    @property
    def order(self):
        return self.letter, self.name.casefold(), self.thing_id

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}})


class Term(TermContent, Draft):
    class Meta:
        verbose_name = "glossary term"


class TermEdition(Edition, TermContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="term_edition_slug")]


class NoticeContent(Content):
    KIND = "notice"
    ERASABLE = ("title", "body")

    title = models.CharField(max_length=120)
    body = models.TextField(max_length=1000, blank=True, help_text="Shown above every page while it is live. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title


class Notice(NoticeContent, Draft):
    class Meta:
        verbose_name = "site notice"


class NoticeEdition(Edition, NoticeContent):
    pass
