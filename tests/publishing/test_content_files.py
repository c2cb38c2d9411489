"""The record as a folder of files: loaded, dumped and loaded again it is the same, and what is wrong is named."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.models import Page, PageEdition, Term, TermEdition
from pages.navigation import load_tree
from pages.soundness import claims_of_a_record
from publishing import content_files, immutability, kinds, snapshots
from publishing.content_files import ContentFileError, dump, load
from publishing.fields import ThingListField
from publishing.ledger import cancel, erase, publish, withdraw
from publishing.models import Edition, Record, Thing, Turn
from tests.record import DAY, HOUR, START, edit, live_page, new_page, new_term, republish
from tests.security.xss.things import Planter

ODD = [
    "\u2003",
    " x ",
    "\u0958" * 15,
    "e\u0301 \u2028 x",
    "---\n: # x",
    "\u200b",
    "'\"%@`|>&*!{}[]",
    "null",
    "2010-03-10",
    "~",
    "0x1f",
    "\ufeffx",
]
SHIPPED = Path(__file__).parent.parent.parent / "fixtures"


def emptied():
    """Take everything out of the record again, past its triggers."""
    from django.db import connection

    immutability.disarm(connection)
    Turn.objects.all().delete()
    for kind in kinds.every():
        kind.edition.objects.all()._raw_delete("default")
        kind.draft.objects.all()._raw_delete("default")
    Edition.objects.exclude(erases=None)._raw_delete("default")
    Edition.objects.all()._raw_delete("default")
    Thing.objects.all().delete()
    Record.objects.update(last=0, at="0001-01-02T00:00Z")
    immutability.arm(connection)
    snapshots.clear_all()


def everything():
    """All of the record with references instead of ids."""
    references = {thing.pk: thing.reference for thing in Thing.objects.all()}
    state = {"record": Record.objects.values_list("last", "at").get()}
    state["things"] = sorted(Thing.objects.values_list("kind", "key", "version"))
    for kind in kinds.every():
        for edition in kind.edition.objects.all():
            frame = {field.attname: getattr(edition, field.attname) for field in Edition._meta.concrete_fields}
            frame |= {name: references.get(frame[name]) for name in ("thing_id", "successor_id")}
            del frame["entry"]  # drawn anew: what is loaded is another record
            state[edition.number] = frame | content(edition, references)
        for draft in kind.draft.objects.all():
            state[draft.reference] = content(draft, references) | {"changed": draft.is_changed()}
    return state


def content(row, references):
    values = row.content()
    for field in row.content_fields():
        if field.is_relation:
            values[field.attname] = references.get(values[field.attname])
        elif isinstance(field, ThingListField):
            values[field.attname] = [references[thing] for thing in values[field.attname]]
    return values


def folder_of(path):
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.fixture
def history(clock):
    """A record with everything that can happen in it."""
    home, about = live_page(""), live_page("about", body="# About\n\nText.")
    below = live_page("below", about, summary="“Quotes”: yes", in_menu=False, position=7)
    clock.tick(HOUR)
    republish(about, title="About the CDM", body="---\n\nA line of hyphens, and *emphasis*.")
    republish(below, menu_below=home)
    wrong = live_page("wrong", body="Defamatory.")
    clock.tick(HOUR)
    erase(Edition.objects.filter(thing=wrong.pk).first(), "Order.")
    gone = live_page("gone")
    withdraw(gone, "Old: see there.", successor=about)
    cancel(republish(about, START + 3 * DAY, title="Never"))
    republish(about, START + 5 * DAY, title="In five days")
    never = new_page("never")
    cancel(publish([never], START + DAY)[0])
    term = new_term("Unit", synonyms=["share", "piece: one"], abbreviation="U")
    publish([term], note="Two\nlines", minor=True, author="anna")
    erased = new_term("Slur", synonyms=["other"])
    publish([erased])
    erase(Edition.objects.get(thing=erased.pk), "Order.")
    edit(about, body="A draft that differs.")
    new_page("only-a-draft", about)
    Thing.objects.filter(pk=about.pk).update(version=9)
    return about


@pytest.mark.django_db
class TestIdentity:
    def test_history_dumped_and_loaded_is_the_same(self, history, tmp_path):
        before = everything()
        count = dump(tmp_path / "one")
        emptied()
        assert load(tmp_path / "one") == count == before["record"][0]
        assert everything() == before
        dump(tmp_path / "two")
        assert folder_of(tmp_path / "one") == folder_of(tmp_path / "two")

    def test_record_goes_on_after_a_load(self, history, tmp_path, clock):
        dump(tmp_path / "one")
        emptied()
        last = load(tmp_path / "one")
        republish(Page.objects.get(slug="gone"), title="Back")
        assert Record.objects.get().last == last + 1
        assert "/gone/" in load_tree(clock.now).by_path

    def test_shipped_content_dumped_and_loaded_is_the_same(self, tmp_path):
        load(SHIPPED)
        before = everything()
        dump(tmp_path / "one")
        emptied()
        load(tmp_path / "one")
        assert everything() == before
        dump(tmp_path / "two")
        assert folder_of(tmp_path / "one") == folder_of(tmp_path / "two")

    def test_shipped_content_is_imported_in_order(self):
        load(SHIPPED)
        editions = list(Edition.objects.order_by("number"))
        assert [e.number for e in editions] == list(range(1, len(editions) + 1))
        assert all(edition.imported for edition in editions)
        assert [e.live_from for e in editions] == sorted(e.live_from for e in editions)
        assert Record.objects.get().at == max(edition.recorded for edition in editions)

    @settings(max_examples=40)
    @given(
        title=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=30),
        body=st.text(st.one_of(st.sampled_from("-\n :#'\"%@`|>&*!{}[]\\\u2028\u0085x"), st.characters(codec="utf-8")), max_size=60),
    )
    @example(title="\u2003", body="")
    @example(title="x", body="\u2003\n\u3000")
    def test_any_text_survives(self, title, body, tmp_path_factory):
        from django.db import transaction

        folder = tmp_path_factory.mktemp("any") / "dump"
        with transaction.atomic():
            try:
                publish([new_page("a", title=title, body=body, summary=title)], note=body.replace("\0", ""))
            except (ValidationError, ValueError):
                transaction.set_rollback(True)
                return
            Page.objects.filter(slug="a").update(**PageEdition.objects.values("title", "summary", "body").get())
            before = everything()
            dump(folder)
            emptied()
            load(folder)
            assert everything() == before
            transaction.set_rollback(True)

    @pytest.mark.parametrize("text", ODD)
    def test_text_that_a_kind_takes_survives_in_each_of_its_fields(self, text, tmp_path, settings):
        settings.MEDIA_ROOT = tmp_path / "media"
        planter = Planter("odd")
        planter.file_name = lambda payload: "file"
        planter.plant([text, text], but=["release"])  # whose rows come from files of their own
        before = everything()
        dump(tmp_path / "dump")
        emptied()
        load(tmp_path / "dump")
        assert everything() == before

    @pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2003", "\u3000\n", "\u2028\t"])
    def test_title_of_blanks_is_refused_like_an_empty_one(self, blank):
        for draft in (Page(slug="a", title=blank), Term(slug="a", name=blank)):
            with pytest.raises(ValidationError, match="cannot be blank"):
                draft.full_clean()

    def test_text_is_measured_as_it_is_kept(self):
        limit = Page._meta.get_field("title").max_length
        Page(slug="a", title=" " * limit + "x" * limit).full_clean()
        with pytest.raises(ValidationError, match="at most"):
            Page(slug="a", title="\u0958" * limit).full_clean()  # two characters each in NFC


def file(folder, place, text="title: About\nslug: about\nlive_from: 2010-03-10 17:07:00\n", body="Text."):
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{text}---\n\n{body}\n", encoding="utf-8")
    return path


GOOD = "title: About\nslug: about\nlive_from: 2010-03-10 17:07:00\n"


@pytest.mark.django_db
class TestErrors:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("title: [\n", "front matter cannot be read"),
            ("title: About\nslug: about\n", "live_from must be a date and time, not None"),
            (GOOD + "live_to: soon\n", "live_to must be a date and time, not 'soon'"),
            (GOOD + "colour: red\n", "a page has no field colour"),
            (GOOD + "1: red\n", "front matter cannot be read"),
            (GOOD + "parent: page/nowhere\n", "there is no page/nowhere"),
            (GOOD + "successor: page/nowhere\n", "there is no page/nowhere"),
            (GOOD + "parent: [page/about]\n", "parent"),
            (GOOD + "number: one\n", "number cannot be 'one'"),
            (GOOD + "number: true\n", "number cannot be True"),
            (GOOD + "minor: perhaps\n", "minor cannot be 'perhaps'"),
            (GOOD + "note: 7\n", "note cannot be 7"),
            (GOOD + "action: explode\n", "there is no action 'explode'"),
            (GOOD + "erases: 3\n", "there is no edition 3"),
            (GOOD + "position: first\n", "position"),
            (GOOD + "in_menu: 12\n", "in_menu"),
            (GOOD.replace("about\n", "A B\n"), "slug"),
            (GOOD.replace("slug: about", "slug: history"), "The portal itself uses"),
            (GOOD.replace("title: About", f"title: {'x' * 300}"), "title"),
            (GOOD.replace("title: About", 'title: "a\\u202eb"'), "U\\+202E"),
        ],
    )
    def test_wrong_file_is_named(self, tmp_path, text, why):
        path = file(tmp_path, "page/about/2010-03-10.md", text)
        with pytest.raises(ContentFileError, match=why) as error:
            load(tmp_path)
        assert str(error.value).startswith(f"{path}: ")
        assert not Thing.objects.exists()
        assert Record.objects.get().last == 0

    @pytest.mark.parametrize("place", ["pgae/about/x.md", "page/x.md", "page/Ab out/x.md", "page/ü/x.md"])
    def test_file_in_a_wrong_place_is_named(self, tmp_path, place):
        path = file(tmp_path, place)
        with pytest.raises(ContentFileError) as error:
            load(tmp_path)
        assert str(error.value).startswith(f"{path}: ")

    def test_file_that_is_no_text_is_named(self, tmp_path):
        path = file(tmp_path, "page/about/x.md")
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ContentFileError, match=str(path)):
            load(tmp_path)

    def test_text_beside_the_kinds_is_no_content(self, tmp_path):
        (tmp_path / "README.md").write_text("Read me.")
        file(tmp_path, "page/about/x.md")
        assert load(tmp_path) == 1

    def test_number_given_twice_names_both(self, tmp_path):
        file(tmp_path, "page/a/1.md", GOOD + "number: 1\n")
        file(tmp_path, "page/b/1.md", GOOD.replace("about", "b") + "number: 1\n")
        with pytest.raises(ContentFileError, match=r"b/1\.md: number 1 is also that of .*a/1\.md"):
            load(tmp_path)

    def test_numbers_for_some_only_are_refused(self, tmp_path):
        file(tmp_path, "page/a/1.md", GOOD + "number: 1\n")
        file(tmp_path, "page/b/1.md", GOOD.replace("about", "b"))
        with pytest.raises(ContentFileError, match="either all files bear a number"):
            load(tmp_path)

    def test_overlap_names_both(self, tmp_path):
        file(tmp_path, "page/a/1.md", GOOD + "number: 1\nlive_to: 2011-01-01 00:00:00\n")
        file(tmp_path, "page/a/2.md", GOOD.replace("2010-03", "2010-05") + "number: 2\n")
        with pytest.raises(ContentFileError, match=r"a/2\.md: it is in force from 2010-05-10 17:07 on, while .*a/1\.md still is"):
            load(tmp_path)

    def test_contradiction_in_the_tree_names_the_culprits(self, tmp_path):
        file(tmp_path, "page/a/1.md")
        file(tmp_path, "page/b/1.md", GOOD.replace("About", "Other"))
        with pytest.raises(ContentFileError, match=r"“Other” and “About” would both|“About” and “Other” would both"):
            load(tmp_path)

    def test_record_that_is_not_empty_is_left_alone(self, tmp_path, clock):
        live_page("a")
        before = everything()
        file(tmp_path, "page/about/x.md")
        with pytest.raises(ContentFileError, match="not empty"):
            load(tmp_path)
        assert everything() == before

    def test_folder_with_drafts_only_loads_them(self, tmp_path):
        file(tmp_path, "page/about/draft.md", "title: About\nslug: about\n")
        assert load(tmp_path) == 0
        assert Page.objects.get().title == "About"

    def test_missing_folder_is_named(self, tmp_path):
        with pytest.raises(ContentFileError, match="no folder"):
            load(tmp_path / "nowhere")

    def test_dump_overwrites_nothing(self, tmp_path, clock):
        live_page("a")
        file(tmp_path, "mine.md")
        with pytest.raises(ContentFileError, match="not empty"):
            dump(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]

    def test_commands_say_what_is_wrong(self, tmp_path, capsys):
        with pytest.raises(CommandError, match="no folder"):
            call_command("load_content", str(tmp_path / "nowhere"))
        file(tmp_path / "in", "page/about/x.md")
        call_command("load_content", str(tmp_path / "in"))
        call_command("load_content", str(tmp_path / "in"), if_empty=True)
        with pytest.raises(CommandError, match="not empty"):
            call_command("load_content", str(tmp_path / "in"))
        call_command("dump_content", str(tmp_path / "out"))
        assert capsys.readouterr().out.splitlines() == [
            f"Loaded 1 editions from {tmp_path / 'in'}.",
            f"Wrote 1 editions to {tmp_path / 'out'}.",
        ]


@pytest.mark.django_db
def test_hand_written_editions_follow_each_other(tmp_path):
    file(tmp_path, "page/about/1.md")
    file(tmp_path, "page/about/2.md", GOOD.replace("2010-03-10", "2023-11-03").replace("About", "Later"))
    load(tmp_path)
    first, second = Edition.objects.order_by("number")
    assert (first.live_to, second.live_to) == (second.live_from, None)
    assert Page.objects.get().title == "Later"
    assert not Page.objects.get().is_changed()


@pytest.mark.django_db
def test_draft_after_a_load_is_the_newest_edition_that_was_to_be_seen(history, tmp_path):
    dump(tmp_path / "one")
    emptied()
    load(tmp_path / "one")
    assert Term.objects.get(slug="slur").name == ""
    assert not Page.objects.get(slug="gone").is_changed()
    assert content_files.FILES not in {path.name for path in (tmp_path / "one").iterdir()}


@pytest.mark.django_db
def test_record_of_long_ago_with_addresses_that_differ_in_capitals_alone_is_dumped_and_loaded(clock, tmp_path, monkeypatch):
    """Nobody can publish such a term any more; but a backup of what there is must be one."""
    with monkeypatch.context() as before:
        before.setattr("pages.models.TermContent.clean", lambda term: None)
        before.setattr("pages.soundness.claims", claims_of_a_record)
        publish([new_term("Upper", slug="CASEterm")])
        publish([new_term("Lower", slug="caseterm")])
    dump(tmp_path / "dump")
    kept = set(TermEdition.objects.values_list("number", "name", "slug"))
    emptied()
    load(tmp_path / "dump")
    assert set(TermEdition.objects.values_list("number", "name", "slug")) == kept
    with pytest.raises(ValidationError, match="would both have the address"):
        publish([new_term("Third", slug="CaseTerm")])
