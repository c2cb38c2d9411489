"""News at the editor's desk: lists, forms, previews, publishing."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from lxml import html

from news.models import NewsItem, NewsItemEdition, Newsletter, Recording, RecordingEdition
from publishing.roles import PUBLISHER
from tests.news.conftest import live_item, live_newsletter, new_item

pytestmark = pytest.mark.django_db

FORM = {
    "title": "Board elects its Chair",
    "summary": "In one sentence.",
    "body": "Words of the **body**.",
    "date": "2030-03-08",
    "precision": "day",
    "slug": "board-elects-its-chair",
    "topics": ["board", "milestones"],
    "related": "",
    "source_title": "A report",
    "source_url": "https://example.org/report",
    "version": "0",
    "working_copy": "",
}


@pytest.fixture
def desk(client, clock, django_user_model):
    publisher = django_user_model.objects.create_user("publisher", password="a long pass phrase", is_staff=True)
    publisher.groups.add(Group.objects.get(name=PUBLISHER))
    client.force_login(publisher)
    return client


def rows(desk, address):
    page = html.fromstring(desk.get(address).content)
    return [" ".join(" ".join(row.itertext()).split()) for row in page.xpath("//table[@id='result_list']/tbody/tr")]


def test_item_is_written_previewed_and_published(desk):
    assert desk.post("/admin/news/newsitem/add/", FORM).status_code == 302
    item = NewsItem.objects.get()
    assert item.topics == ["board", "milestones"]
    assert desk.get("/news/2030/03/08/board-elects-its-chair/").status_code == 404
    preview = desk.get(f"/admin/news/newsitem/{item.pk}/preview/").content.decode()
    assert "Words of the <strong>body</strong>." in preview
    page = html.fromstring(desk.get(f"/admin/news/newsitem/{item.pk}/publish/").content)
    assert "Executive Board\nMilestones" in page.text_content()
    form = page.forms[-1]
    desk.post(f"/admin/news/newsitem/{item.pk}/publish/", dict(form.form_values()) | {"note": "New."})
    assert NewsItemEdition.objects.get().note == "New."
    assert desk.get("/news/2030/03/08/board-elects-its-chair/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"topics": ["weather"]}, "weather"),
        ({"date": "2030-02-31"}, "valid date"),
        ({"source_url": "ftp://example.org/"}, "valid URL"),
        ({"slug": "a b"}, "valid"),
        ({"related": "/nowhere/"}, "Nothing is published"),
    ],
)
def test_form_says_what_is_wrong(desk, wrong, message):
    page = desk.post("/admin/news/newsitem/add/", FORM | wrong)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert not NewsItem.objects.exists()


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Board elects: its Chair", "board-elects-its-chair"), ("3/CMP.1 is adopted", "3-cmp-1-is-adopted"), ("a " * 90, "a-" * 39 + "a")],
)
def test_address_left_empty_is_made_of_the_title(desk, title, slug):
    desk.post("/admin/news/newsitem/add/", FORM | {"slug": "", "title": title})
    item = NewsItem.objects.get()
    assert item.slug == slug
    desk.post(f"/admin/news/newsitem/{item.pk}/change/", FORM | {"title": "Another", "version": item.version})
    assert NewsItem.objects.get().slug == FORM["slug"]


def test_title_without_latin_letters_makes_no_address(desk):
    page = desk.post("/admin/news/newsitem/add/", FORM | {"slug": "", "title": "清洁发展机制"})
    assert "none can be made of the title" in page.content.decode()
    assert not NewsItem.objects.exists()


def test_date_known_to_the_month_is_kept_as_its_last_day(desk):
    desk.post("/admin/news/newsitem/add/", FORM | {"precision": "month", "date": "2030-02-03"})
    assert NewsItem.objects.get().date == date(2030, 2, 28)


def test_list_has_dates_states_topics_and_a_hierarchy(desk):
    live_item(title="Live one", date=date(2030, 1, 31), precision="month", topics=["board"])
    new_item(title="New one", date=date(2029, 3, 8), topics=["public-inputs"])
    first, second = rows(desk, "/admin/news/newsitem/")
    assert "Live one January 2030 Live" in first
    assert "New one 8 March 2029 New" in second
    assert len(rows(desk, "/admin/news/newsitem/?topic=board")) == 1
    assert len(rows(desk, "/admin/news/newsitem/?topic=audio")) == 0
    assert len(rows(desk, "/admin/news/newsitem/?date__year=2029")) == 1
    assert "date__year=2029" in desk.get("/admin/news/newsitem/").content.decode()
    assert len(rows(desk, "/admin/news/newsitem/?q=Live")) == 1


def test_new_newsletter_offers_the_next_number_and_newer_items(desk):
    live_newsletter([live_item(date=date(2030, 1, 31))], date=date(2030, 2, 1), issue_number=4)
    newer = [live_item(date=date(2030, 3, day), slug=f"day-{day}") for day in (2, 1)]
    page = html.fromstring(desk.get("/admin/news/newsletter/add/").content)
    assert page.xpath("//input[@name='issue_number']/@value") == ["5"]
    assert page.xpath("//textarea[@name='items']")[0].value.split() == ["/news/2030/03/01/day-1/", "/news/2030/03/02/day-2/"]
    form = {"issue_number": "5", "date": "2030-03-10", "title": "Digest No. 5", "summary": "S.", "body": "B.", "version": "0"}
    desk.post("/admin/news/newsletter/add/", form | {"items": "/news/2030/03/02/day-2/"})
    assert Newsletter.objects.get(issue_number=5).items == [newer[0].pk]


def test_recording_is_uploaded(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    form = {"title": "Spoken", "summary": "S.", "speaker": "A voice", "body": "B.", "date": "2030-03-10", "slug": "spoken", "version": "0"}
    with (settings.BASE_DIR / "fixtures" / "files" / "reading-a-past-date.mp3").open("rb") as file:
        assert desk.post("/admin/news/recording/add/", form | {"file": file}).status_code == 302
    assert Recording.objects.get().seconds == 64
    assert not RecordingEdition.objects.exists()
    with (settings.BASE_DIR / "fixtures" / "files" / "cdm-sectoral-scopes.csv").open("rb") as file:
        page = desk.post("/admin/news/recording/add/", form | {"slug": "other", "file": file})
    assert "A recording is an MP3 or Ogg file." in page.content.decode()
