"""Numbers that no database holds, wherever a request can name one: never a 500. Addresses come from the URLconf, fields from the forms."""

import re

import pytest
from django.urls import get_resolver
from lxml import html

from tests.desk_client import HOST
from tests.test_access_matrix import path_of, patterns, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db

HUGE = (str(2**63), str(10**30), "9" * 5000)
ODD = (*HUGE, "-1", f"-{10**30}", "abc", "1e400", "NaN", "٣", "0x1", "1" * 19, "", "\0")
PARAMETERS = (
    "to",
    "thing",
    "edition",
    "parent",
    "of_document",
    "page",
    "p",
    "o",
    "e",
    "q",
    "id",
    "pk__in",
    "section__id__exact",
    "_popup",
    "n",
    "at",
)
POSTED = (
    "_selected_action",
    "thing",
    "edition",
    "link",
    "version",
    "below",
    "before",
    "seen",
    "action",
    "base_version",
    "working_copy",
    "number",
)


def number_addresses():
    """Every address of the URLconf that holds a number or an id, with a huge one in its place."""
    for route, pattern in patterns(get_resolver()):
        if re.search(r"<(?:int|number|path):(?:\w*id|pk|number)>|\(\?P<\w*(?:number|year|month|day)\w*>|<number:", route):
            for number in HUGE:
                names = pattern.pattern.converters or {}
                yield path_of(
                    route, dict.fromkeys(("pk", "object_id", "id", "number", "year", "month", "day", "issue_number", *names), number)
                )


def test_address_with_a_number_that_no_database_holds_is_not_found(world):
    client = world.clients["administrator"]
    addresses = set(number_addresses())
    assert len(addresses) > 60
    for address in sorted(addresses):
        for method in (client.get, client.post):
            answer = method(address[:8000], headers=HOST)
            assert answer.status_code in {302, 403, 404, 405}, address[:80]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_parameter_that_no_database_holds(world, parameter):
    """At the desk of one kind; those of the others are made by the same code."""
    client = world.clients["administrator"]
    own = [a.path for a in world.addresses if a.is_of_the_desk and (a.model is None or a.model.__name__ in {"DocumentVersion", "User"})]
    assert len(own) > 30
    for path in own:
        answer = client.get(path, {parameter: HUGE[1]}, headers=HOST)
        assert answer.status_code < 500, path
        list(answer)  # a file that is sent is closed at its end


def forms_of(client, path):
    """Fields with their values of every form that the page posts."""
    answer = client.get(path, headers=HOST)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return
    for form in html.document_fromstring(answer.content, base_url=f"http://{HOST['host']}{path}").forms:
        if form.method == "POST":
            yield dict(form.form_values())


@pytest.mark.parametrize("model", ["pages_page", "documents_documentversion", "news_recording", "search_issue"])
def test_form_field_that_no_database_holds(world, model):
    """Kinds that have all sorts of fields between them."""
    client, draft = world.clients["administrator"], world.drafts[model]
    addresses = [a.path for a in world.addresses if a.is_of_the_desk and a.model is type(draft) and "delete" not in a.path]
    assert len(addresses) > 15
    for path in addresses:
        fields = {name: value for form in forms_of(client, path) for name, value in form.items()}
        for name in {*fields, *POSTED} - {"csrfmiddlewaretoken"}:
            answer = client.post(path, fields | {name: HUGE[1]}, headers=HOST)
            assert answer.status_code < 500, (path, name)


@pytest.mark.parametrize("value", ODD)
def test_chosen_rows_that_are_none(world, value):
    client = world.clients["administrator"]
    for path, action in (("pages/page", "publish_chosen"), ("auth/user", "delete_selected"), ("auth/group", "delete_selected")):
        answer = client.post(f"/admin/{path}/", {"action": action, "_selected_action": [value], "index": "0"}, headers=HOST)
        assert answer.status_code in {200, 302, 404}, path
    assert client.post("/admin/scheduled/", {"edition": [value]}, headers=HOST).status_code == 302
    assert client.get("/admin/pages/page/publish/", {"thing": value}, headers=HOST).status_code == 404


def test_refusal_of_a_field_that_the_publish_form_does_not_have_is_told(world):
    draft = world.drafts["news_recording"]
    path = f"/admin/news/recording/{draft.pk}/publish/"
    fields = {name: value for form in forms_of(world.clients["administrator"], path) for name, value in form.items()}
    answer = world.clients["administrator"].post(path, fields, headers=HOST)
    assert answer.status_code == 200
    assert "cannot be null" in answer.content.decode()
