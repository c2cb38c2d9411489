"""A word planted in every field of an area reaches nobody but its members: no public page, desk, search, mail, log or title."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from areas.models import Area, AreaComment, AreaCommentText, AreaFile, AreaInvitation, AreaMembership, AreaNotice, AreaReading, AreaVersion
from mail.models import WaitingMail
from tests.desk_client import HOST, author, browser_of, publisher

WORD = "Zanzibarite"
PUBLIC = """
/ /news/ /documents/ /search/?q={} /search/?q={}&go=1 /quickfinder/?q={} /sitemap.xml /robots.txt /llms.txt /extranets/ /extranets/areas/
/extranets/log-in/ /timeline/ /readyz /healthz /documents/?q={} /nowhere/{}/ /search/suggestions/?q={} /news/feed/atom/ /documents.json
/documents.csv /@2026-01-01/search/?q={}
""".split()
DESK = "/admin/ /admin/recent/ /admin/scheduled/ /admin/upkeep/ /admin/notices/ /admin/links/?q={} /admin/who/".split()
# What members choose from a list, or what the portal makes itself.
NO_WORDS = set("key state mails role digest sha256 place act what due_zone".split())


def plant(row):
    """Put the word into every field of text of a row."""
    texts = [field.name for field in row._meta.concrete_fields if field.get_internal_type() in {"CharField", "TextField", "EmailField"}]
    planted = [name for name in texts if name not in NO_WORDS or (name == "place" and isinstance(row, (AreaComment, AreaCommentText)))]
    assert planted
    type(row).objects.filter(pk=row.pk).update(
        **{name: f"{WORD}@example.org" if name == "email" else f"{WORD} {name}.txt" for name in planted}
    )


@pytest.fixture
def planted(place):
    AreaInvitation.objects.create(area=place.area, email="x@example.org", digest="d" * 64, made_by="s", expires=timezone.now())
    AreaCommentText.objects.create(comment=place.remark, text="before")
    AreaReading.objects.create(area=place.area, account=place.people["reader"], what="area", act="page")
    rows = [AreaFile.objects.get(), AreaVersion.objects.get(), place.remark, AreaCommentText.objects.get(), place.notice, place.area]
    for row in [*rows, AreaInvitation.objects.get(), place.area.memberships.first()]:
        plant(row)
    place.version.path.write_text(WORD)
    return place


def pages_of(place):
    notice = f"notices/{place.notice.pk}/"
    return ["", "members/", f"files/{place.paper.pk}/", notice, f"{notice}print/", "reading/"]


def test_word_is_seen_by_members_and_by_nobody_else(planted, caplog):
    assert WORD in planted.enter("reader").get(planted.at()).text
    assert WORD in planted.enter("steward").get(planted.at("members/")).text
    others = [Client(headers=HOST), *(planted.enter(name) for name in ("former", "stranger", "elsewhere"))]
    people = [browser_of(author()), browser_of(publisher())]
    with caplog.at_level(logging.DEBUG):
        for client in [*others, *people]:
            client.raise_request_exception = False
            for address in PUBLIC:
                answer = client.get(address.format("planted"))
                assert WORD.casefold() not in b"".join(answer).decode(errors="replace").casefold(), address
        for client in others:
            for rest in [*pages_of(planted), f"files/{planted.paper.pk}/1/", "files/all.zip", "dates.ics"]:
                assert WORD not in client.get(planted.at(rest)).text
        for client in [*people, planted.enter("administrator")]:
            for address in DESK:
                assert WORD not in client.get(address.format("zanzi")).text, address
    assert WORD not in caplog.text
    assert not any(WORD in str(vars(mail)) for mail in WaitingMail.objects.all())


def test_administrator_sees_settings_and_events_but_nothing_that_lies_in_an_area(planted):
    client = planted.enter("administrator")
    Area.objects.update(name="Area Alpha", purpose="", whose="Panel", how_to_ask="")
    page = client.get(reverse("admin:areas_area_change", args=[planted.area.pk])).text
    assert "Area Alpha" in page
    assert WORD not in page
    for model in (AreaNotice, AreaMembership, AreaVersion):
        assert model not in {type(row) for row in client.get("/admin/").context["app_list"]}
    assert browser_of(publisher()).get(reverse("admin:areas_area_changelist")).status_code == 403
    assert browser_of(author()).get(reverse("admin:areas_area_add")).status_code == 403


def test_administrator_cannot_call_an_area_deleted_that_still_holds_its_papers(planted):
    client, address = planted.enter("administrator"), reverse("admin:areas_area_change", args=[planted.area.pk])
    fields = {"name": "Area Alpha", "whose": "Panel", "session_minutes": 240, "mails": "none", "state": "deleted"}
    client.post(address, fields)
    planted.area.refresh_from_db()
    assert planted.area.state == "open"
    assert client.post(address, fields | {"state": "closed"}).status_code == 302
    planted.area.refresh_from_db()
    assert planted.area.state == "closed"


def test_titles_of_pages_tell_nothing(planted):
    client = planted.enter("steward")
    for rest in pages_of(planted):
        page = client.get(planted.at(rest)).text
        assert page[page.index("<title>") : page.index("</title>")] == "<title>Extranet - CDM portal"


def test_hostile_words_are_escaped_wherever_members_read_them(planted):
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'
    for model in (AreaFile, AreaNotice):
        model.objects.update(title=hostile)
    AreaComment.objects.update(text=hostile, place=hostile[:60])
    AreaVersion.objects.update(note=hostile, name=hostile)
    AreaMembership.objects.update(represents=hostile, ended_why=hostile)
    Area.objects.filter(pk=planted.area.pk).update(name=hostile, purpose=hostile)
    client = planted.enter("steward")
    for rest in pages_of(planted):
        page = client.get(planted.at(rest)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
