"""What is written in several ways is found by each of them: numbers, dates, capitals, compounds, spellings, languages, misspelt words."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from news.models import NewsItem
from publishing.ledger import publish, withdraw
from search.models import Spelling
from tests.record import live_page, new_term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts_alone")]

TEXTS = {
    "sum": "In all, 391,050,410 CERs came to 1\u00a0000 projects and 7\u202f100\u202f200 t; the 5,000th is registered.",
    "day": "It was decided on 26 March 2010 by the Board.",
    "late": "It was decided on 27 March 2010 by the Board.",
    "chinese": "清洁发展机制执行理事会",
    "russian": "Исполнительный совет",
    "arabic": "آلية التنمية النظيفة",
    "forest": "Rules on afforestation, and on reforestation.",
    "host": "The host, a country of Africa.",
    "issuance": "On the issuance of CERs to accounts.",
    "stove": "A cook stove of clay.",
    "programme": "A programme for lamps in Viet Nam.",
    "codes": "AM0034 and AMS-I.D apply; EB 50 met.",
    "fee": "A fee of USD 0.20 for 12,548 t of CO2.",
}
FOUND = [
    ("391050410", "sum"),
    ("391,050,410", "sum"),
    ("391\u202f050\u202f410", "sum"),
    ("1000", "sum"),
    ("1,000", "sum"),
    ("391 050 410", "sum"),
    ("7100200", "sum"),
    ("5000th", "sum"),
    ("5000", "sum"),
    ("2010-03-26", "day"),
    ("26/03/2010", "day"),
    ("26.3.2010", "day"),
    ("March 26, 2010", "day"),
    ("26th March 2010", "day"),
    ("执行理事会", "chinese"),
    ("发展", "chinese"),
    ("исполнительный", "russian"),
    ("التنمية", "arabic"),
    ("afforestation/reforestation", "forest"),
    ("host-country", "host"),
    ("ISSUANCE OF CERS", "issuance"),
    ("cookstove", "stove"),
    ("program", "programme"),
    ("programs", "programme"),
    ("Vietnam", "programme"),
    ("lamp program vietnam", "programme"),
    *(
        (typed, "day")
        for typed in ("2010/03/26", "2010.3.26", "26-03-2010", "03/26/2010", "2010年3月26日", "26 mars 2010", "26. März 2010")
    ),
    *((typed, "day") for typed in ("26 de marzo de 2010", "26 de março de 2010", "26 marco 2010", "26 марта 2010", "26 مارس 2010")),
    *((typed, "codes") for typed in ("AM 0034", "am 0034", "AM-0034", "AMS I.D", "AMS ID", "AMS 1.D", "ams i.d.", "AMS-1D")),
    *((typed, "codes") for typed in ("EB50", "EB-50", "EB 050", "eb 50")),
    *((typed, "fee") for typed in ("US$ 0.20", "US$0.20", "12'548", "12’548", "CO~2~", "co 2", "CO₂")),
]


@pytest.fixture
def texts(indexed):
    for slug, body in TEXTS.items():
        live_page(slug, title=f"Page {slug}", body=body)
    publish([Spelling.objects.create(equals=equals) for equals in (["programme", "program"], ["Viet Nam", "Vietnam"])])
    indexed()


@pytest.mark.parametrize("where", ["index", "database"])
def test_each_way_to_write_it_finds_it(texts, index, titles, where):
    if where == "database":
        index.generations.head_file.unlink()
    cases = FOUND if where == "index" else [case for case in FOUND if case[0] != "cookstove"]  # words are put right by the index alone
    assert {typed: titles(typed)[:1] for typed, _slug in cases} == {typed: [f"Page {slug}"] for typed, slug in cases}


@pytest.mark.parametrize("typed", ["2010-02-30", "32/13/2010", "2010/13/01", "13/2010", "30 fevrier 2010", "391,05", "1,00"])
def test_what_is_no_date_and_no_number_is_words(texts, ask, typed):
    assert ask(typed).count in range(12)


def test_exact_day_finds_no_other(texts, titles):
    assert "Page late" not in titles("2010-03-26")


@pytest.mark.parametrize("typed", ["2010-03", "03/2010", "3/2010", "2010年3月"])
def test_month_in_figures_finds_what_its_name_finds(texts, ask, titles, typed):
    assert not ask(typed).is_partial
    assert set(titles(typed)) == set(titles("March 2010")) == {"Page day", "Page late"}


@pytest.mark.parametrize("typed", ['"26 mars 2010"', '"AM 0034"', '"2010-03"'])
def test_what_is_quoted_stands_as_it_was_typed(texts, titles, typed):
    assert titles(typed, as_="typed") == []


def test_items_are_found_by_their_date(indexed, titles):
    publish(
        [NewsItem.objects.create(date=datetime.date(2010, 3, 11), slug="item", title="Newsletter out", summary="One.", body="Read it.")]
    )
    indexed()
    assert titles("11/03/2010") == ["Newsletter out"]


def test_names_in_other_languages_and_abbreviations_find_the_term_and_what_speaks_of_it(indexed, titles):
    live_page("board", title="Who decides", body="The Executive Board decides.")
    term = new_term("Executive Board", slug="board", abbreviation="EB", foreign_names=["fr: Conseil exécutif", "zh: 执行理事会"])
    publish([term])
    indexed()
    for typed in ("conseil executif", "执行理事会", "EB"):
        assert titles(typed)[0].startswith("Executive Board"), typed
    assert set(titles("EB")) == {"Executive Board (EB)", "Who decides"}


def test_spelling_counts_while_it_is_public(texts, titles, indexed):
    withdraw(Spelling.objects.get(equals=["programme", "program"]), "Not equal.")
    indexed()
    assert titles("program", as_="typed") == []


@pytest.mark.parametrize("equals", [["one"], [], "text", ["a", ""], [1, 2], ["x"] * 13])
def test_spelling_is_a_list_of_names(equals):
    with pytest.raises(ValidationError):
        Spelling(equals=equals).full_clean()


@pytest.mark.parametrize("names", [["Conseil exécutif"], ["french: x"], ["fr:"], "fr: x", ["fr: x"] * 31])
def test_name_in_another_language_says_which(names):
    with pytest.raises(ValidationError):
        new_term("Board", foreign_names=names).full_clean()


@pytest.mark.parametrize(
    ("typed", "right"),
    [("afforestaion", "afforestation"), ("issuence of cers", "issuance of cers"), ("qqqqqqqq", None), ("reforrestatoin", "reforestation")],
)
def test_misspelt_words_are_put_right(texts, ask, typed, right):
    corrected = ask(typed).corrected
    assert (corrected and corrected.text) == right


NOT_ANOTHER = {"metro": "metre", "brasilia": "brasilien", "enter": "center", "come": "cote", "program": "zrogram"}


@pytest.mark.parametrize(("known", "typed"), NOT_ANOTHER.items())
def test_word_is_not_put_right_into_another_thing(indexed, ask, known, typed):
    live_page("known", title="Known", body=f"Here is {known} alone.")
    indexed()
    assert ask(known).count == 1
    assert ask(typed).corrected is None
    assert ask(f"{typed} nowherefound").corrected is None


def test_correction_finds_all_words_in_one_text(texts, ask):
    assert ask("afforestaion lamps").corrected is None, "no text has both"
    assert ask("afforestaion rules").corrected.text == "afforestation rules"


def test_equal_spelling_is_right_though_no_text_has_it(texts, indexed, ask):
    assert ask("isuance").corrected.text == "issuance"
    publish([Spelling.objects.create(equals=["isuance", "isuances"])])
    indexed()
    assert ask("isuance").corrected is None
