"""Every choice field of every form, tried by authors with things that are not theirs: no title or slug of them is told."""

import re

import pytest
from django.contrib import admin
from django.db import models

from bodies.models import BodyMeeting, CDMBody
from calls.models import Call
from desk import share_links
from documents.models import Document, DocumentVersion
from pages.models import Page
from publishing.models import Thing
from tests.desk_client import at, author, browser_of, publisher
from tests.record import edit, live_page, new_page
from tests.test_access_matrix import desk_models, made

pytestmark = pytest.mark.django_db
SECRET = "Zwischenraumwort"
VIEWS = ("add", "preview_new", "working_copy_new")


def relations():
    """(model, field, kind) of every field of a form in which one chooses another thing."""
    for model in desk_models().values():
        for field in model.content_fields():
            if isinstance(field, models.ForeignKey):
                yield model, field.name, field.remote_field.limit_choices_to.get("kind", "")


@pytest.fixture
def foreign():
    """An unpublished thing of every kind that nobody in these tests may read."""
    page = new_page(f"{SECRET.lower()}-page", title=f"{SECRET} page")
    document, body, meeting, call = made(Document), made(CDMBody), made(BodyMeeting), made(Call)
    edit(document, title=f"{SECRET} document", slug=f"{SECRET.lower()}-document", symbol="")
    edit(body, name=f"{SECRET} body", slug=f"{SECRET.lower()}-body")
    edit(meeting, title=f"{SECRET} meeting", slug=f"{SECRET.lower()}-meeting")
    edit(call, title=f"{SECRET} call", slug=f"{SECRET.lower()}-call")
    return {"page": page, "document": document, "body": body, "meeting": meeting, "call": call, "": page}


def test_there_are_choices_to_try():
    tried = {(model.KIND, name) for model, name, _kind in relations()}
    assert tried >= {("page", "parent"), ("page", "menu_below"), ("documentversion", "of_document")}
    assert tried >= {("document", "of_meeting"), ("newsitem", "of_meeting"), ("office", "end_meeting"), ("meeting", "moved_to")}
    assert tried >= {("call", "asked_by"), ("submission", "of_call")}


def test_no_choice_of_a_foreign_thing_tells_its_title_or_slug(foreign):
    """Case W60: as an author with one section and every kind but that of the thing."""
    mine, told = new_page("mine"), []
    for model, name, kind in relations():
        if kind == model.KIND != Page.KIND:
            continue  # who may write meetings may read all of them; only pages are parted by sections
        user = author(f"{model.KIND}-{name}".replace("_", "-"), mine, kind=model.KIND if model is not Page else "")
        client, desk = browser_of(user), admin.site.get_model_admin(model)
        thing = foreign[kind]
        words = {f.name: "x" for f in model.content_fields() if isinstance(f, models.CharField | models.TextField)}
        values = words | {"version": 0, "slot": "s", "working_copy": "", name: thing.pk}
        answers = {view: client.post(desk.address(view), values).text for view in VIEWS}
        answers |= {"offered": client.get(desk.address("add")).text, "used": client.get(desk.address("add") + "?copy=use").text}
        answers |= {"asked": client.get(desk.address("add"), {name: thing.pk}).text, "list": client.get(desk.address("changelist")).text}
        answers |= {"desk": client.get("/admin/").text, "links": client.get("/admin/links/?q=").text}
        its_own = re.compile(f"{SECRET}[ -]{kind or 'page'}", re.IGNORECASE)
        told += [(model.KIND, name, view) for view, text in answers.items() if its_own.search(text)]
    assert told == []


def test_move_names_no_foreign_sibling(foreign):
    mine = new_page("mine")
    anna = browser_of(author("anna", mine))
    text = anna.get(at("move", mine)).text
    assert SECRET not in text
    assert "outside your sections" in text
    assert SECRET in browser_of(publisher()).get(at("move", mine)).text


def test_author_of_versions_alone_reads_no_title_of_an_unpublished_document(foreign):
    version = DocumentVersion(of_document_id=foreign["document"].pk, version_number="1", outside_address="https://example.org/")
    version.save()
    user = author("vera", kind="documentversion")
    vera, desk = browser_of(user), admin.site.get_model_admin(DocumentVersion)
    addresses = [desk.address(view, version.pk) for view in ("change", "history", "delete")]
    for address in [*addresses, desk.address("changelist"), desk.address("add"), "/admin/", "/admin/links/?q="]:
        assert SECRET not in vera.get(address).text, address
    for view in ("preview", "share"):
        assert vera.get(desk.address(view, version.pk)).status_code == 403
    link = share_links.make(version, user)
    assert browser_of().get(share_links.address(link)).status_code == 404
    assert SECRET in browser_of(publisher()).get(desk.address("changelist")).text


def test_author_attaches_nothing_to_what_may_not_be_read(foreign):
    vera = browser_of(author("vera", kind="documentversion"))
    desk = admin.site.get_model_admin(DocumentVersion)
    values = {"of_document": foreign["document"].pk, "version_number": "1", "outside_address": "https://example.org/", "version": 0}
    assert "within the sections given to you" in vera.post(desk.address("add"), values).text
    assert not DocumentVersion.objects.exists()


def test_held_parent_outside_the_section_is_named_as_the_public_knows_it():
    above = live_page("above", title="Public title")
    page = new_page("below", above)
    edit(above, title=f"{SECRET} title to come")
    anna = browser_of(author("anna", page))
    text = anna.get(at("change", page)).text
    assert "Public title" in text
    assert SECRET not in text
    assert Thing.objects.count() == 2
