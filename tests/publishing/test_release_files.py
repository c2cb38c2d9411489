"""Content that comes with a release becomes drafts of a record that exists; nothing is published, and no editor's text is touched."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from desk import deletion
from pages.models import Page, Term
from publishing import content_files, draft_versions
from publishing.ledger import erase, publish, withdraw
from publishing.models import DeletedDraft, DraftVersion, Edition, How, Thing, WorkingCopy
from publishing.release_files import CHANGED as RENEWED
from publishing.release_files import KNOWN, LEFT, MADE, WAITING, offer
from tests.desk_client import browser_of, publisher
from tests.record import clock, edit

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


class ShippedFolder:
    """A folder of shipped files."""

    def __init__(self, folder):
        self.folder = folder

    def ship(self, name, words, day="2010-03-10", file="2010", **fields):
        path = self.folder / "term" / name / f"{file}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        more = "".join(f"{field}: {value}\n" for field, value in fields.items())
        path.write_text(f"---\nlive_from: {day}\nname: {name}\nslug: {name}\n{more}---\n{words}\n", encoding="utf-8")

    def offered(self):
        """What became of each thing, by the end of its reference."""
        return {outcome.reference.partition("/")[2]: outcome.what for outcome in offer(self.folder)}

    def why(self, name):
        return next(outcome.why for outcome in offer(self.folder) if outcome.reference == f"term/{name}")


@pytest.fixture
def release(clock, tmp_path):
    """A record that was filled with two terms, and the folder that they came from."""
    made = ShippedFolder(tmp_path)
    made.ship("unit", "A unit.")
    made.ship("share", "A share.")
    content_files.load(tmp_path)
    clock.tick()
    return made


def draft(name):
    return Term.objects.get(slug=name)


def publish_as(name, who="paul"):
    return publish([draft(name)], author=who)[0]


def test_unchanged_files_do_nothing(release):
    before = DraftVersion.objects.count()
    assert release.offered() == {"unit": KNOWN, "share": KNOWN}
    assert DraftVersion.objects.count() == before


def test_new_file_becomes_a_draft_that_is_public_only_once_it_is_published(release, client):
    release.ship("bond", "A bond.")
    count = Edition.objects.count()
    assert release.offered() == {"unit": KNOWN, "share": KNOWN, "bond": MADE}
    assert Edition.objects.count() == count
    assert client.get("/glossary/bond/").status_code == 404
    assert release.offered()["bond"] == WAITING
    publish_as("bond")
    assert client.get("/glossary/bond/").status_code == 200
    assert release.offered()["bond"] == KNOWN


def test_changed_file_becomes_a_draft_and_says_where_it_came_from(release):
    release.ship("unit", "A unit, told better.")
    assert release.offered()["unit"] == RENEWED
    assert draft("unit").body == "A unit, told better."
    assert draft("unit").newest_edition().body == "A unit."
    assert DraftVersion.objects.filter(thing=draft("unit").pk).latest("number").how == How.RELEASE
    history = browser_of(publisher()).get(f"/admin/pages/term/{draft('unit').pk}/history/").text
    assert "Came with a release of the portal" in history
    assert release.offered()["unit"] == WAITING


def test_release_after_release_goes_on_where_editors_have_only_published(release):
    for words in ("Second.", "Third."):
        release.ship("unit", words)
        assert release.offered()["unit"] == RENEWED
        publish_as("unit")
        assert release.offered()["unit"] == KNOWN
    release.ship("unit", "Fourth.")
    assert release.offered()["unit"] == RENEWED
    release.ship("unit", "Fifth, before the fourth was published.")
    assert release.offered()["unit"] == RENEWED


def test_draft_that_an_editor_has_changed_is_left_and_named(release):
    edit(draft("unit"), body="An editor's words.")
    release.ship("unit", "Words of the release.")
    assert release.offered()["unit"] == LEFT
    assert release.why("unit") == "an editor has changed the draft"
    assert draft("unit").body == "An editor's words."


def test_text_that_editors_have_published_is_left(release):
    edit(draft("unit"), body="An editor's words.")
    publish_as("unit")
    assert release.offered()["unit"] == KNOWN  # the file is that of long ago
    release.ship("unit", "Words of the release.")
    assert release.why("unit") == "editors have published a text of their own"
    assert draft("unit").body == "An editor's words."


def test_draft_of_a_release_that_an_editor_went_on_with_is_left(release):
    release.ship("unit", "Second.")
    release.offered()
    stored = draft("unit")
    stored.body = "Second, and more."
    assert stored.save_if_unchanged(stored.version)
    release.ship("unit", "Third.")
    assert release.why("unit") == "an editor has changed the draft"


def test_what_is_being_typed_is_left(release):
    user = publisher()
    WorkingCopy.objects.create(kind="term", thing=draft("unit"), user=user, slot="a", fields={"body": ["typed"]})
    release.ship("unit", "Words of the release.")
    assert release.why("unit") == "an editor is writing in its form"


def test_erased_and_withdrawn_texts_do_not_come_back(release):
    erase(draft("unit").newest_edition(), "Order.")
    withdraw(draft("share"), "Old.")
    release.ship("unit", "The words again."), release.ship("share", "The words again.")
    assert release.offered() == {"unit": LEFT, "share": LEFT}
    assert (release.why("unit"), release.why("share")) == ("a text of it was erased", "it was withdrawn")
    assert "again" not in draft("unit").body + draft("share").body


def test_deleted_draft_is_not_made_again(release):
    release.ship("bond", "A bond.")
    release.offered()
    user = publisher()
    deletion.delete(user, draft("bond"))
    assert DeletedDraft.objects.count() == 1
    assert (release.offered()["bond"], release.why("bond")) == (LEFT, "an editor has deleted the draft")
    assert not Term.objects.filter(slug="bond").exists()


def test_newest_file_that_is_due_stands_for_its_thing(release):
    release.ship("unit", "Second.", day="2011-01-01", file="2011")
    release.ship("unit", "To come.", day=f"{timezone.now() + timedelta(days=400):%Y-%m-%d}", file="later")
    assert release.offered()["unit"] == RENEWED
    assert draft("unit").body == "Second."


def test_relation_that_prepare_has_put_in_is_no_editors_change(release):
    stored = draft("unit")
    stored.abbreviation = "U"
    stored.save_if_unchanged(stored.version, how=How.RELATION)
    release.ship("unit", "Words of the release.", abbreviation="U")
    assert release.offered()["unit"] == RENEWED


def test_new_things_may_refer_to_each_other_and_what_refers_to_nothing_is_left(release):
    for slug, parent in (
        ("above", ""),
        ("below", "parent: page/above\n"),
        ("lost", "parent: page/nowhere\n"),
        ("lower", "parent: page/lost\n"),
    ):
        path = release.folder / "page" / slug / "2010.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"---\nlive_from: 2010-03-10\ntitle: {slug}\nslug: {slug}\n{parent}---\nText.\n")
    found = release.offered()
    assert (found["above"], found["below"], found["lost"], found["lower"]) == (MADE, MADE, LEFT, LEFT)
    assert Page.objects.get(slug="below").parent_id == Page.objects.get(slug="above").pk
    assert not Thing.objects.filter(key="lost").exists()
    assert draft_versions.is_kept(Page.objects.get(slug="below"))


def test_command_tells_what_was_made_and_why_something_was_left(release, capsys):
    release.ship("bond", "A bond.")
    edit(draft("unit"), body="An editor's words.")
    release.ship("unit", "Words of the release.")
    call_command("load_content", str(release.folder), drafts=True)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "made: term/bond “bond”"
    assert said[1] == "left: term/unit “unit”: an editor has changed the draft"
    assert said[2].startswith("Drafts made: 1, changed: 0, waiting to be published: 0, left: 1.")
    call_command("load_content", str(release.folder), drafts=True)
    assert "waiting: term/bond" in capsys.readouterr().out


def test_file_that_cannot_be_read_changes_nothing(release):
    release.ship("bond", "A bond.")
    release.ship("wrong", "Words.", colour="red")
    before = Thing.objects.count()
    assert release.offered()["wrong"] == LEFT
    (release.folder / "term" / "unit" / "2010.md").write_text("---\n[\n---\n")
    with pytest.raises(CommandError, match="front matter"):
        call_command("load_content", str(release.folder), drafts=True)
    assert Thing.objects.count() == before + 1
