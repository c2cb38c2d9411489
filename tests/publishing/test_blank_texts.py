"""A text of which nobody sees anything is refused wherever one must be given: in every kind, by the record, and by a load."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from markup.characters import normalised, visible
from pages.models import Page
from publishing import kinds
from publishing.content_files import ContentFileError, load
from publishing.ledger import publish
from publishing.models import Edition, Thing
from tests.record import new_page

INVISIBLE = [
    *("", " ", "\u2003", "\u200b", "\u00ad\u2060", "\u2800", "\ufeff", "\u3164", "\u115f\u1160", "\uffa0", "\u180e", "\u200e\u200f"),
    *("\u034f", "\ufe0f", "\u061c", "\u2063", "\u17b4", "\U000e0041\U000e007f", "\U0001d173", "\U00016fe4", " \u200b \u2800\n"),
]
# Marks without a letter, characters of private use, stand-ins for an object or a lost character.
NOTHING_TOLD = ["\u0301", "\u20dd\u0301", "\u093f", "\ue000", "\U000f0000 \U0010fffd", "\ufffc", "\ufffd", " \ufffc\u0301\u200b"]
VISIBLE = [
    "a\u200b",
    "\u200dक",
    "👩\u200d🔬",
    "co\u00adoperate",
    "⠁",
    "-",
    "می\u200cخواهم",
    "e\u0323\u0302",
    "क\u093f",
    "x\ue000",
    "\U0001f600",
    "№",
]
REQUIRED = [
    (kind.name, field.name)
    for kind in kinds.every()
    for field in kind.draft.content_fields()
    if isinstance(field, models.CharField | models.TextField) and not field.blank and not field.choices
]


def test_there_are_required_texts():
    assert {("page", "title"), ("term", "name"), ("newsitem", "title"), ("document", "title")} <= set(REQUIRED)


@pytest.mark.parametrize("text", INVISIBLE)
@pytest.mark.parametrize(("kind", "field"), REQUIRED)
def test_text_of_what_nobody_sees_is_refused_as_an_empty_one_is(kind, field, text):
    for model in (kinds.get(kind).draft, kinds.get(kind).edition):
        with pytest.raises(ValidationError) as refusal:
            model(**{field: text}).clean_fields()
        assert "blank" in {error.code for error in refusal.value.error_dict[field]}


@pytest.mark.parametrize("text", NOTHING_TOLD)
@pytest.mark.parametrize(("kind", "field"), REQUIRED)
def test_text_that_tells_nothing_is_refused_in_a_draft_alone(kind, field, text):
    def errors(model):
        with pytest.raises(ValidationError) as refusal:
            model(**{field: text}).clean_fields()
        return {error.code for error in refusal.value.error_dict.get(field, ())}

    assert "blank" in errors(kinds.get(kind).draft)
    assert "blank" not in errors(kinds.get(kind).edition)


@pytest.mark.parametrize("text", NOTHING_TOLD)
def test_text_that_may_be_left_out_keeps_what_tells_nothing(text):
    page = Page(slug="a", title="A", body=text)
    page.clean_fields(exclude={"kind"})
    assert page.body.strip("\u200b") == text.strip(" \u200b")
    with pytest.raises(ValidationError):
        visible(text)


@pytest.mark.parametrize("text", VISIBLE)
def test_text_with_something_to_see_stays_as_it_was_written(text):
    visible(text)
    assert normalised(text) == unicodedata.normalize("NFC", text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u200b", "\u00ad\u2060", "\u2800", "\u3164"])
class TestRecord:
    def test_record_takes_no_title_that_nobody_sees(self, text):
        page = new_page("a", title=text)
        with pytest.raises(ValidationError, match="cannot be blank"):
            publish([page])
        assert not Edition.objects.exists()

    def test_load_takes_no_title_that_nobody_sees(self, text, tmp_path):
        place = tmp_path / "page" / "about" / "one.md"
        place.parent.mkdir(parents=True)
        place.write_text(f'---\ntitle: "{text}"\nslug: about\nlive_from: 2010-03-10 17:07:00\n---\n\nText.\n', encoding="utf-8")
        with pytest.raises(ContentFileError, match="title"):
            load(tmp_path)
        assert not Thing.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u0301", "\ue000", "\ufffc"])
def test_record_with_a_title_that_tells_nothing_loads_and_gets_no_other(text, tmp_path):
    place = tmp_path / "page" / "about" / "one.md"
    place.parent.mkdir(parents=True)
    place.write_text(f'---\ntitle: "{text}"\nslug: about\nlive_from: 2010-03-10 17:07:00\n---\n\nText.\n', encoding="utf-8")
    load(tmp_path)
    assert kinds.get("page").edition.objects.get().title == text
    with pytest.raises(ValidationError, match="cannot be blank"):
        publish([kinds.get("page").draft.objects.get()])
