"""Cards: which a page names, that they are drawn before and never within a request, and what becomes of older ones."""

import os
import time
from io import BytesIO

import pytest
from django.core.management import call_command
from PIL import Image

from cdmportal.cards import shelf
from cdmportal.cards.card import Card
from cdmportal.cards.drawing import HEIGHT, RIGHT, WIDTH, fitted, font, png
from tests.news.conftest import live_item
from tests.reading import parsed
from tests.record import clock, live_page

__all__ = ["clock"]

CARD = Card("home", "Title", "1 CER", "2010", (400, 200), ((0, 0), (400, 200), (1000, 1000)))


def named(response):
    return parsed(response).xpath("string(//meta[@property='og:image']/@content)")


@pytest.fixture
def drawn(settings, tmp_path, clock):
    settings.VAR_DIR = tmp_path
    live_page("")
    live_page("about")
    live_item()
    call_command("draw_cards", verbosity=0)


def test_card_is_a_picture_of_the_size_that_others_ask_for_and_is_always_the_same():
    image = Image.open(BytesIO(png(CARD)))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT)) == ("PNG", (1200, 630))
    assert png(CARD) == png(CARD)
    assert len(png(CARD)) < 40_000


def test_another_title_has_another_name():
    assert Card("home", "Other", *[getattr(CARD, name) for name in ("figures", "label", "place", "curve")]).file_name != CARD.file_name


@pytest.mark.parametrize("title", [str(title) for title, _line in shelf.TITLES.values()])
def test_title_stays_within_the_picture(title):
    lines, size = fitted(title)
    assert len(lines) <= 2
    assert max(font("bold", size).getlength(line) for line in lines) <= RIGHT


@pytest.mark.django_db
def test_pages_name_the_card_of_their_type_and_those_of_the_past_that_of_their_year(client, drawn):
    assert "/cards/home-" in named(client.get("/"))
    assert "/cards/page-" in named(client.get("/about/"))
    assert "/cards/statistics-" in named(client.get("/statistics/"))
    assert "/cards/in-2030-" in named(client.get("/@2030-03-10/about/"))


@pytest.mark.django_db
def test_card_is_answered_for_good_without_a_query(client, drawn, django_assert_num_queries):
    path = named(client.get("/")).removeprefix("http://127.0.0.1:8000")
    with django_assert_num_queries(0):
        response = client.get(path)
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    for wrong in ("/cards/home-000000000000.png", "/cards/index.json", "/cards/../db.sqlite3", f"/@2030-03-10{path}"):
        assert client.get(wrong).status_code == 404, wrong


@pytest.mark.django_db
def test_nothing_is_drawn_within_a_request(client, clock, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    live_page("about")
    assert named(client.get("/about/")) == ""
    assert not shelf.folder().exists()


@pytest.mark.django_db
def test_second_run_draws_nothing_and_old_cards_go_after_ninety_days(drawn):
    assert shelf.draw_missing() == 0
    recent, old = shelf.folder() / "home-0.png", shelf.folder() / "home-1.png"
    for file in (recent, old):
        file.write_bytes(b"")
    long_ago = time.time() - 91 * 86400
    os.utime(old, (long_ago, long_ago))
    shelf.draw_missing()
    assert recent.exists()
    assert not old.exists()
