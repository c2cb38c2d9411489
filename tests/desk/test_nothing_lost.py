"""Random sequences of two editors with three tabs: every text that the desk ever said was kept is found afterwards.

A Tab does what static/desk/autosave.js does, with a dict for the browser's storage; the server is the real one.
"""

import json
import os
import re
from random import Random

import pytest
from django.contrib.sessions.models import Session

from desk.resubmission import unsealed
from pages.models import Page
from publishing.ledger import publish
from publishing.models import DeletedDraft
from tests.desk_client import at, browser_of, publisher
from tests.record import new_page

pytestmark = pytest.mark.django_db
SEEDS = int(os.environ.get("DRAFT_SEEDS") or 3)
STEPS = 100
NEW = "new"
JSON = {"accept": "application/json"}


class TypingEditor:
    """A person with one browser: a session, and a storage that outlives tabs."""

    def __init__(self, name):
        self.user, self.storage, self.online = publisher(name), {}, True
        self.log_in()

    def log_in(self):
        self.client = browser_of(self.user)

    def sends(self, address, fields, **options):
        """The answer, or None while the network is away."""
        return self.client.post(address, fields, **options) if self.online else None


class Tab:
    """A form that is open. `promised` gathers what the desk said it keeps."""

    def __init__(self, editor, page, promised):
        self.editor, self.page, self.promised = editor, page, promised
        self.fields = None
        self.is_as_saved = False
        self.open()

    def address(self, view):
        return at(f"{view}_new") if self.page == NEW else f"/admin/pages/page/{self.page}/{view.replace('_', '-')}/"

    @property
    def form_address(self):
        return at("add") if self.page == NEW else f"/admin/pages/page/{self.page}/change/"

    def open(self):
        if not self.editor.online:
            return
        answer = self.editor.client.get(self.form_address, follow=True)
        if "adminform" not in (answer.context or {}):
            self.fields = None
            return
        self.show(answer)
        self.is_as_saved = self.page != NEW
        self.send_left_over()

    def show(self, answer):
        self.is_as_saved = False
        form, context = answer.context["adminform"].form, answer.context
        if context.get("deleted"):
            self.page = NEW
        names = ("title", "menu_title", "summary", "body", "parent", "slug", "menu_below")
        self.fields = {name: str(form[name].value() or "") for name in names} | {"version": str(form["version"].value() or 0)}
        self.fields |= {"slot": context["slot"], "working_copy": context["copy_stamp"], "in_menu": "on"}
        self.leave_slot()

    def leave_slot(self):
        """What the browser holds in the slot in which the form now writes gets another."""
        entry = self.editor.storage.pop(self.fields["slot"], None)
        if entry and entry["fields"]["body"] != self.fields["body"]:
            slot = self.fields["slot"] + "r"
            self.editor.storage[slot] = entry | {"fields": entry["fields"] | {"slot": slot, "working_copy": ""}}
        elif entry:
            self.editor.storage[self.fields["slot"]] = entry

    def send_left_over(self):
        for slot, entry in [*self.editor.storage.items()]:
            if entry["page"] == self.page and slot != self.fields["slot"]:
                answer = self.editor.sends(self.address("working_copy"), entry["fields"] | {"leftover": "1"}, headers=JSON)
                if answer is not None and answer.status_code == 200:
                    del self.editor.storage[slot]

    def type(self, word, anew):
        """Add a word; or put it in the place of all that is saved, never of what is not."""
        if self.fields:
            self.fields["body"] = word if anew and self.is_as_saved else f"{self.fields['body']} {word}"
            self.is_as_saved = False
            self.fields["title"] = self.fields["title"] or "New"
            self.editor.storage[self.fields["slot"]] = {"page": self.page, "fields": dict(self.fields)}
            self.promised.add(word)  # “Your text is kept in this browser”, at the latest when the network is away

    def autosave(self):
        if not self.fields:
            return
        answer = self.editor.sends(self.address("working_copy"), self.fields, headers=JSON)
        if answer is not None and answer.status_code == 200:
            self.fields["working_copy"] = json.loads(answer.content)["stamp"]
            self.editor.storage.pop(self.fields["slot"], None)

    def save(self):
        if not self.fields:
            return
        answer = self.editor.sends(self.form_address, self.fields)
        if answer is None:
            return
        if answer.status_code == 403:
            answer = self.resume(answer)
        if answer.status_code == 302:
            self.page = int(re.search(r"page/(\d+)/change", answer["Location"])[1])
            self.open()
        elif "adminform" in (answer.context or {}):
            self.show(answer)

    def resume(self, answer):
        """Log in on the page that carries the text, and open the form with it."""
        self.editor.log_in()
        carried = unsealed(answer.context["carried"])
        return self.editor.client.post(carried["path"], carried["fields"] | {"_refill": "1"})

    def discard(self):
        if self.page != NEW and not self.fields:
            return
        waiting = self.editor.client.get(self.form_address, follow=True).context or {}
        for offer in waiting.get("offers", [])[:1] if self.editor.online else []:
            self.editor.sends(self.address("working_copy") + "discard/", {"slot": offer["copy"].slot, "working_copy": offer["stamp"]})

    def use(self):
        answer = self.editor.client.get(self.form_address + "?copy=use", follow=True) if self.editor.online else None
        if answer is not None and "adminform" in (answer.context or {}):
            self.show(answer)
            self.send_left_over()

    def restore(self, chance):
        """Put an edition or an earlier version into the draft."""
        page = Page.objects.filter(pk=self.page).first() if self.page != NEW else None
        if page is None or not self.editor.online:
            return
        versions = list(page.draft_versions.values_list("number", flat=True))
        edition = page.editions.first()
        if versions and (chance.random() < 0.5 or not edition):
            self.editor.sends(at("take_back", page, chance.choice(versions)), {"version": page.version})
        elif edition:
            self.editor.sends(at("restore", page, edition.number), {"version": page.version})

    def delete(self):
        page = Page.objects.filter(pk=self.page).first() if self.page != NEW else None
        if page:
            self.editor.sends(at("delete", page), {"post": "yes"})

    def crash(self, chance):
        self.page = chance.choice([NEW, *Page.objects.values_list("pk", flat=True)])
        self.fields = None
        self.open()


def play(seed):
    chance, promised = Random(seed), set()
    live, fresh = new_page("live", title="Live"), new_page("fresh", title="Fresh")
    publish([live])
    editors = [TypingEditor("anna"), TypingEditor("paul")]
    tabs = [Tab(editors[0], live.pk, promised), Tab(editors[0], fresh.pk, promised), Tab(editors[1], fresh.pk, promised)]
    actions = "type type type autosave autosave save save save use discard discard restore restore delete log_out network crash"
    actions = [*actions.split(), "bring_back"]
    for number in range(STEPS):
        tab, action = chance.choice(tabs), chance.choice(actions)
        if action == "type":
            tab.type(f"word{seed}x{number}y", chance.random() < 0.6)
        elif action in {"restore", "crash"}:
            getattr(tab, action)(chance)
        elif action == "log_out":
            Session.objects.all().delete() if chance.random() < 0.5 else None
        elif action == "network":
            tab.editor.online = not tab.editor.online or chance.random() < 0.7
        elif action == "bring_back":
            for gone in DeletedDraft.objects.all()[:1]:
                tab.editor.sends(f"/admin/deleted/{gone.thing}/", {"bring_back": "1"})
        else:
            getattr(tab, action)()
    return editors, promised


def found(editors):
    """All text that the two can come to in the end: drafts, versions, what is deleted, texts not saved, what the browsers hold."""
    for editor in editors:
        editor.online = True
        editor.log_in()
    for editor in editors:
        yield json.dumps(editor.storage)
        for kept in editor.user.working_copies.all():
            yield editor.client.get(f"/admin/texts/{kept.pk}/").text
    reader = editors[0].client
    for gone in DeletedDraft.objects.all():
        yield reader.get(f"/admin/deleted/{gone.thing}/").text
        reader.post(f"/admin/deleted/{gone.thing}/", {"bring_back": "1"})
    for page in Page.objects.all():
        yield reader.get(at("change", page)).text
        for number in page.draft_versions.values_list("number", flat=True):
            yield reader.get(at("version", page, number)).text


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_text_that_was_kept_is_found_afterwards(seed):
    editors, promised = play(seed)
    everything = " ".join(found(editors))
    assert promised
    assert {word for word in promised if not re.search(rf"\b{word}\b", everything)} == set()
