"""A text of which nobody sees anything is refused wherever one must be given: in every kind, by the record, and by a load."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from markup.characters import normalised
from publishing import kinds
from publishing.content_files import ContentFileError, load
from publishing.ledger import publish
from publishing.models import Edition, Thing
from tests.record import new_page

INVISIBLE = [
    *("", " ", "\u2003", "\u200b", "\u00ad\u2060", "\u2800", "\ufeff", "\u3164", "\u115f\u1160", "\uffa0", "\u180e", "\u200e\u200f"),
    *("\u034f", "\ufe0f", "\u061c", "\u2063", "\u17b4", "\U000e0041\U000e007f", "\U0001d173", "\U00016fe4", " \u200b \u2800\n"),
]
VISIBLE = ["a\u200b", "\u200dक", "👩\u200d🔬", "co\u00adoperate", "⠁", "-", "می\u200cخواهم"]
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


@pytest.mark.parametrize("text", VISIBLE)
def test_text_with_something_to_see_stays_as_it_was_written(text):
    assert normalised(text) == text


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
