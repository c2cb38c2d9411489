"""Issues: the subjects by which visitors look for things, each with the names that it goes by and the place where it leads."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from publishing.content import Content, Draft
from publishing.fields import ForeignNamesField, foreign_names
from publishing.models import Edition, Thing
from search.autocomplete import DIGITS, key_of_name

LONGEST_NAME = 120
MOST_EQUALS = 12


class Group(models.TextChoices):
    """The groups of the Quickfinder's list, in their order."""

    RELATED = "related", "Issues related to the CDM"
    SECTIONS = "sections", "Sections"
    RULES = "rules", "Rules and terms"
    BODIES = "bodies", "Bodies and participants"
    SCOPES = "scopes", "Sectoral scopes"


def names_field(name, help_text):
    return models.JSONField(name, default=list, blank=True, help_text=help_text)


class IssueContent(Content):
    KIND = "issue"
    ERASABLE = ("label", "synonyms", "abbreviations", "foreign_names", "best_bet")

    label = models.CharField(max_length=80, help_text="The name in the Quickfinder's list. Typing it leads straight to the target.")
    synonyms = names_field(
        "other names",
        "What else visitors may type. A # stands for a number: “EB #” finds EB 50.",
    )
    abbreviations = names_field("abbreviations and symbols", "Such as HFC-23, SSC or 3/CMP.1.")
    foreign_names = ForeignNamesField(
        "names in other languages",
        help_text="One a line, the language first, such as “fr: Conseil exécutif”. The search and the Quickfinder find them.",
    )
    heading = models.CharField(max_length=8, choices=Group, help_text="The heading under which the list shows it.")
    position = models.PositiveIntegerField(default=0, help_text="Order under its heading, lowest first.")
    target = models.ForeignKey(
        Thing,
        models.PROTECT,
        related_name="+",
        help_text="Where the issue leads. While the target is not public, the issue leads to search results.",
    )
    place = models.CharField(
        "place on the page",
        max_length=100,
        blank=True,
        help_text="The id of a heading on the target, such as h-periods. A # is filled with the number that was typed: h-eb-#.",
    )
    best_bet = models.TextField(
        max_length=400, blank=True, help_text="One or two sentences above the search results for this issue's names."
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def title(self):
        return self.label

    @property
    def other_names(self):
        """Synonyms and names in other languages."""
        return [*self.synonyms, *(name for _language, name in foreign_names(self.foreign_names))]

    @property
    def names(self):
        """Every name of the issue, its label first."""
        return [self.label, *self.abbreviations, *self.other_names]

    def place_for(self, squashed_names):
        """The place on the target for one of the names as it was typed, its number filled in; empty if the issue has none of them."""
        for typed in squashed_names:
            number = DIGITS.search(typed)
            forms = {typed, DIGITS.sub("#", typed)}
            if self.place and not forms.isdisjoint(map(key_of_name, self.names)):
                return self.place.replace("#", str(int(number[0])) if number else "#")
        return ""

    def clean(self):
        super().clean()
        for name in ("synonyms", "abbreviations"):
            setattr(self, name, checked_names(name, getattr(self, name)))


def checked_names(field, values):
    """Names without blanks at the ends and without repetitions. Raises ValidationError naming the field."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValidationError({field: _("Give a list of names.")})
    names = list(dict.fromkeys(" ".join(value.split()) for value in values))
    for name in names:
        if not 1 <= len(name) <= LONGEST_NAME:
            said = _("A name has from 1 to %(most)s characters: “%(name)s”.")
            raise ValidationError({field: said % {"most": LONGEST_NAME, "name": name[:40]}})
    return names


class Issue(IssueContent, Draft):
    # Newsletters have an `issue` of their own, which the default name would hide.
    thing_ptr = models.OneToOneField(Thing, models.CASCADE, parent_link=True, related_name="as_issue")

    class Meta:
        verbose_name = "issue"


class IssueEdition(Edition, IssueContent):
    pass


class SpellingContent(Content):
    """Equal spellings, words and names: what is found by one of them is found by the others."""

    KIND = "spelling"
    ERASABLE = ("equals",)

    equals = models.JSONField(
        "equal spellings",
        default=list,
        help_text="One a line, at least two: programme, program. What visitors find by one of them they find by the others.",
    )

    class Meta:
        abstract = True

    def __str__(self):
        return " = ".join(map(str, self.equals))

    @property
    def title(self):
        return str(self)

    def clean(self):
        super().clean()
        self.equals = checked_names("equals", self.equals)
        if not 2 <= len(self.equals) <= MOST_EQUALS:
            raise ValidationError({"equals": _("Give from two to %d spellings, one a line.") % MOST_EQUALS})


class Spelling(SpellingContent, Draft):
    class Meta:
        verbose_name = "spelling"


class SpellingEdition(Edition, SpellingContent):
    pass


class SearchWithoutResult(models.Model):
    """Words that found nothing on a day, and how often; of who sought them nothing is known."""

    day = models.DateField()
    words = models.CharField(max_length=80)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="search_without_result_unique")]

    def __str__(self):
        return f"{self.words}: {self.count}"
