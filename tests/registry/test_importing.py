"""Import of folders: what becomes of rows, of damaged files and of imports that break off."""

import codecs
from contextlib import suppress
from datetime import UTC, date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils.translation import trans_real

from publishing import content_files, ledger
from publishing.moment import Moment, fixed
from registry import bulk, importing
from registry.importing import ImportRefusedError, import_folder, place_of, reasons
from registry.models import ActivityRow, CancelledBlockRow, IssuanceRow, IssuedBlockRow, PackedTable, Release, ReleaseEdition
from registry.moments import registry_at
from registry.records import Badge
from registry.sources import PUBLISHED
from registry.table import Criteria
from tests.record import DAY, START, clock
from tests.registry.made import ISSUANCE, folder_of, new_row, write_csv, write_workbook
from tests.test_translation import Pseudo

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SEVEN = {"project_ref": "7", "unique_id": "SEVEN", "title": "Wind farm", "total_cers_issued": "100"}
EIGHT = {"project_ref": "8", "unique_id": "EIGHT", "title": "Second"}
ISSUED = {"project_ref": "7"}
BLOCK = {"serial_start": "1", "serial_end": "100", "units": "100"}


@pytest.fixture
def folder(tmp_path):
    return folder_of(tmp_path / "data", [SEVEN, EIGHT], [ISSUED], [BLOCK], [BLOCK | {"serial_end": "10", "units": "10"}])


def everything():
    models = (Release, ReleaseEdition, ActivityRow, IssuanceRow, IssuedBlockRow, CancelledBlockRow, PackedTable)
    return [list(model.objects.order_by("pk").values()) for model in models]


def shown(at=None):
    registry = registry_at(fixed(at) if at else Moment())
    rows = registry.activities(registry.table.places_of(registry.table.matching(Criteria(), registry.day)))
    return {row.key: row for row in rows}


def test_folder_becomes_a_release(folder):
    result = import_folder(folder)
    edition = ReleaseEdition.objects.get()
    assert (edition.as_of, edition.activities, edition.issuances, edition.blocks, edition.cancellations) == (date(2023, 11, 3), 2, 1, 1, 1)
    assert {file["holds"] for file in edition.files} == {"activities", "issuances", "blocks", "cancellations"}
    assert all(len(file["sha256"]) == 64 for file in edition.files)
    assert not result.report.rejects
    registry = registry_at(Moment())
    place, row = registry.activity(7)
    assert registry.table.issued_to(place, registry.day)[:2] == (100, 1)
    assert [issuance.cers for issuance in registry.issuances(row)] == [100]
    assert [block.units for block in registry.blocks(row)] == [100]
    assert [block.is_voluntary for block in registry.cancellations(row)] == [True]
    assert PackedTable.objects.get().release == edition.thing_id


def test_same_files_again_change_nothing(folder):
    import_folder(folder)
    before = everything()
    assert not import_folder(folder).difference
    (folder / "activities.csv").write_bytes(codecs.BOM_UTF8 + (folder / "activities.csv").read_bytes())
    assert not import_folder(folder).difference
    assert everything() == before


def test_next_release_closes_and_opens_only_what_differs(folder, clock):
    first = import_folder(folder).release
    clock.tick(DAY)
    folder_of(folder, [SEVEN | {"title": "Renamed"}, {"project_ref": "9", "unique_id": "NINE", "title": "New"}], [ISSUED])
    result = import_folder(folder, note="A name put right.")
    assert (result.release.as_of, result.release.revision_number) == (first.as_of, 2)
    rows = ActivityRow.objects.order_by("pk").values_list("key", "title", "from_release", "to_release")
    one, two = first.pk, result.release.pk
    assert list(rows) == [
        ("SEVEN", "Wind farm", one, two),
        ("EIGHT", "Second", one, two),
        ("SEVEN", "Renamed", two, None),
        ("NINE", "New", two, None),
    ]
    assert IssuanceRow.objects.get().to_release is None
    assert sorted(shown()) == ["NINE", "SEVEN"]
    assert shown(START + DAY / 2)["SEVEN"].title == "Wind farm"
    assert shown(START - 9 * DAY)["SEVEN"].title == "Wind farm"
    assert ReleaseEdition.objects.get(thing=two).note == "A name put right."
    assert len(ReleaseEdition.objects.get(thing=two).files) == 4


def test_what_a_folder_lacks_stays(folder):
    import_folder(folder)
    for name in ("issuances", "blocks", "cancellations"):
        (folder / f"{name}.csv").unlink()
    folder_of(folder, [SEVEN | {"title": "Renamed"}, EIGHT])
    result = import_folder(folder)
    assert result.release.issuances == 1
    assert "contradicted" not in str(result.report.warnings)
    assert not ActivityRow.objects.filter(key="SEVEN", badges__gte=Badge.CONTRADICTED).exists()
    assert IssuanceRow.objects.get().to_release is None
    assert registry_at(Moment()).table.totals(date(2020, 1, 1).toordinal()).cers == 100


def test_activities_alone_keep_what_sheet_and_list_of_transitioned_had_told(tmp_path):
    nine = {"project_ref": "", "unique_id": "NINE", "title": "Nine"}
    plain = [SEVEN | {"total_cers_issued": "0", "scope_number": ""}, EIGHT, nine]
    folder = folder_of(tmp_path, plain)
    (folder / "facts").mkdir()
    write_workbook(folder / "sheet.xlsx", sheet_rows(SHEET))
    listed = [{"type": "PA", "ref": ref, "registered": "2007-01-02", "title": title} for ref, title in (("8", "Second"), ("9", "Nine"))]
    write_csv(folder / "facts" / "transitioned.csv", "transitioned", listed)
    import_folder(folder)
    told = {row.key: (row.hosts, row.scopes, row.registered, row.sheet, row.matched_reference, row.badges) for row in shown().values()}
    (folder / "sheet.xlsx").unlink()
    (folder / "facts" / "transitioned.csv").unlink()
    folder_of(tmp_path, [*plain, {"project_ref": "11", "unique_id": "NEW", "title": "New"}])
    result = import_folder(folder)
    assert [len(rows) for rows in result.difference.come.values()] == [1]
    assert not result.difference.closed[ActivityRow]
    assert told == {
        row.key: (row.hosts, row.scopes, row.registered, row.sheet, row.matched_reference, row.badges)
        for row in shown().values()
        if row.key != "NEW"
    }


def test_older_release_is_refused(folder):
    import_folder(folder, date(2023, 11, 3))
    folder_of(folder, [SEVEN | {"title": "Old"}], [ISSUED | {"source_release": "03Oct2023"}])
    before = everything()
    with pytest.raises(ImportRefusedError, match="older than"):
        import_folder(folder)
    assert everything() == before


def test_dry_run_tells_and_writes_nothing(folder, capsys):
    before = everything()
    call_command("import_registry", str(folder), "--dry-run")
    assert "nothing was written" in capsys.readouterr().out
    assert everything() == before


def test_issuance_after_the_day_of_the_data_is_refused(tmp_path):
    folder = folder_of(tmp_path, [SEVEN], [ISSUED | {"issuance_date": "2023-11-04"}])
    with pytest.raises(ImportRefusedError, match="has an issuance on 2023-11-04, after the day of the data, 2023-11-03"):
        import_folder(folder, date(2023, 11, 3))
    assert import_folder(folder, date(2023, 11, 4)).release


def test_command_tells_what_was_rejected_and_why(folder, capsys):
    folder_of(folder, [SEVEN, EIGHT | {"validation_start": "soon"}, SEVEN, EIGHT | {"lat": "95", "lon": "7"}], [ISSUED])
    call_command("import_registry", str(folder))
    said = capsys.readouterr().out
    assert "Rejected: activities.csv, line 3: validation_start is no date like 2010-03-10: soon" in said
    assert "Rejected: activities.csv, line 4: SEVEN stands in the file before" in said
    assert "1 warning, in activities.csv, line 5: coordinates are out of range" in said
    assert "activities.csv: 4 rows of activities read, 2 of them rejected." in said
    edition = ReleaseEdition.objects.get()
    assert (edition.activities, edition.rejected, edition.warned) == (2, 2, 1)
    assert ["activities.csv", 4, "SEVEN stands in the file before", "rejected"] in edition.report


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "title is empty"),
        ({"title": "x" * 301}, "title is longer than 300"),
        ({"title": "a\u202eb"}, "cannot be shown"),
        ({"unique_id": ""}, "unique_id is empty"),
        ({"unique_id": "K" * 65}, "no identifier"),
        ({"activity_type": "JI"}, "neither PA nor PoA"),
        ({"host_iso2": "Brazil"}, "no code of a Party"),
        ({"project_ref": "-7"}, "out of range"),
        ({"project_ref": "seven"}, "no whole number"),
        ({"total_cers_issued": "9" * 30}, "out of range"),
        ({"project_ref": "1_000"}, "no whole number"),
        ({"project_ref": "٢٥"}, "no whole number"),
        ({"capacity_mw": "nan"}, "no number"),
        ({"capacity_mw": "1_0"}, "no number"),
        ({"capacity_mw": "-5"}, "out of range"),
        ({"capacity_mw": "1e308"}, "out of range"),
        ({"annual_reductions_tco2e_2018": "1" + "0" * 15}, "out of range"),
        ({"unique_id": "../x?"}, "no identifier"),
        ({"unique_id": "2535"}, "no identifier"),
        ({"crediting_end": "2010-W01-1"}, "no date"),
        ({"crediting_end": "2010-03-10th"}, "no date"),
        ({"lat": "north"}, "no number"),
        ({"crediting_end": "0001-01-01"}, "out of range"),
        ({"crediting_end": "2010-02-30"}, "no date"),
    ],
)
def test_row_that_does_not_fit_is_rejected_and_the_others_are_taken(tmp_path, fields, reason):
    result = import_folder(folder_of(tmp_path, [SEVEN, EIGHT | fields]), date(2023, 11, 3))
    [(name, line, why)] = result.report.rejects
    assert (name, line) == ("activities.csv", 3)
    assert reason in why
    assert ActivityRow.objects.count() == 1


def damaged(content):
    return {
        "NUL": content.replace(b"Wind farm", b"Wind\0farm"),
        "UTF-8": content.replace(b"Wind farm", b"Wind \xe9 farm"),
        "cut off": content[:-30],
        "has no end": content[:-1],
        "columns instead of": content + b"a,b,c\n",
        "longer than": content + b"x" * 200_000 + b"\n",
        "lacks the column": content.replace(b"unique_id", b"unique"),
        "more than once": content.replace(b"n_locations,ref_source", b"n_locations,ref_source,title").replace(b"1,\n", b"1,,\n"),
        "no row": content.split(b"\n")[0] + b"\n",
        "no file of registry data": b"a,b\n1,2\n",
        "There is no file": b"",
        "unexpected end": content + b'"quoted\n',
    }


@pytest.mark.parametrize("reason", [reason for reason in damaged(b"") if reason not in ("no file of registry data", "There is no file")])
def test_damaged_file_is_named_and_changes_nothing(folder, reason):
    path = folder / "activities.csv"
    before = everything()
    path.write_bytes(damaged(path.read_bytes())[reason])
    with pytest.raises(ImportRefusedError, match=f"activities.csv.*{reason}"):
        import_folder(folder)
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_registry", str(folder))
    assert everything() == before


def test_folder_without_activities_or_that_is_none_is_refused(tmp_path):
    with pytest.raises(ImportRefusedError, match="no folder"):
        import_folder(tmp_path / "none")
    with pytest.raises(ImportRefusedError, match="no file of activities"):
        import_folder(tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "other.csv").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(ImportRefusedError, match="no file of activities"):
        import_folder(tmp_path)


def test_two_files_of_one_sort_are_refused(folder):
    (folder / "more.csv").write_bytes((folder / "activities.csv").read_bytes())
    with pytest.raises(ImportRefusedError, match="both hold activities"):
        import_folder(folder)


def test_day_of_the_data_must_be_known(tmp_path):
    with pytest.raises(ImportRefusedError, match="--as-of"):
        import_folder(folder_of(tmp_path, [SEVEN]))


def test_endless_line_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)  # without a line end; it takes no room on the disk
    with pytest.raises(ImportRefusedError, match=r"endless.csv, line 1 is longer"):
        import_folder(tmp_path)


# Imports that break off


def test_broken_import_leaves_what_the_next_removes(folder, monkeypatch):
    def broken(*arguments, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "publish", broken)
        with pytest.raises(KeyboardInterrupt):
            import_folder(folder)
    assert ActivityRow.objects.count() == 2
    assert registry_at(Moment()).is_sample
    (unfinished,) = Release.objects.values_list("pk", flat=True)
    release = import_folder(folder).release
    assert release.pk > unfinished
    assert [row.from_release for row in ActivityRow.objects.all()] == [release.pk] * 2
    assert [one.release for one in PackedTable.objects.all()] == [release.pk]


@pytest.mark.parametrize("step", ["insert", "keep", "publish"])
def test_failing_database_leaves_nothing(folder, monkeypatch, step):
    def failing(*arguments, **more):
        raise DatabaseError("disk is full")

    module = {"insert": bulk, "keep": importing.tables, "publish": ledger}[step]
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(module, step, failing)
        with pytest.raises(DatabaseError):
            import_folder(folder)
    assert everything() == before


def test_import_that_another_has_overtaken_says_so(folder, monkeypatch):
    insert = bulk.insert

    def overtaken(model, release, rows):
        monkeypatch.setattr(bulk, "insert", insert)
        import_folder(folder)
        return insert(model, release, rows)

    monkeypatch.setattr(bulk, "insert", overtaken)
    with pytest.raises(ImportRefusedError, match="Another import"):
        import_folder(folder)
    assert ReleaseEdition.objects.count() == 1
    assert ActivityRow.objects.count() == 2


def test_import_whose_rows_another_is_removing_is_not_published(folder, monkeypatch):
    publish, delete = ledger.publish, bulk.delete

    def killed(model, **which):
        delete(model, **which)
        raise KeyboardInterrupt

    def late(drafts, **about):
        monkeypatch.setattr(ledger, "publish", publish)
        with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
            patch.setattr(bulk, "delete", killed)
            import_folder(folder)
        assert ActivityRow.objects.count() == 0
        return publish(drafts, **about)

    monkeypatch.setattr(ledger, "publish", late)
    with pytest.raises(ImportRefusedError, match="Another import"):
        import_folder(folder)
    assert not ReleaseEdition.objects.exists()
    assert import_folder(folder).release
    assert ActivityRow.objects.count() == 2


def test_rows_of_an_import_that_was_overtaken_are_in_no_release(folder):
    gone = Release.objects.create(as_of=date(2023, 11, 3))
    number = gone.pk
    new_row(gone, "LEFT", reference=99)
    PackedTable.objects.create(release=number, form="", data=b"")
    gone.delete()
    with pytest.raises(DatabaseError):
        bulk.insert(ActivityRow, number, [("LATE", {"title": "Late", "kind": "PA", "status": "Registered"})])
    release = import_folder(folder).release
    assert release.pk > number
    assert {row.key for row in ActivityRow.objects.of_release(release.pk)} == {"SEVEN", "EIGHT"}
    assert [one.release for one in PackedTable.objects.all()] == [release.pk]


def test_refused_import_leaves_another_that_is_under_way(folder, monkeypatch):
    def refused(drafts, **about):
        Release.objects.filter(pk=drafts[0].pk).delete()
        Release.objects.create(as_of=date(2023, 11, 4))
        raise ValidationError("no")

    monkeypatch.setattr(ledger, "publish", refused)
    with pytest.raises(ImportRefusedError, match="no"):
        import_folder(folder)
    assert [str(release.as_of) for release in Release.objects.all()] == ["2023-11-04"]
    assert not ActivityRow.objects.exists()


def test_release_published_meanwhile_is_noticed(folder, monkeypatch):
    import_folder(folder)
    folder_of(folder, [SEVEN | {"title": "Renamed"}, EIGHT], [ISSUED])
    publish = ledger.publish

    def late(drafts, **about):
        publish([Release.objects.create(as_of=date(2023, 11, 3))])
        return publish(drafts, **about)

    monkeypatch.setattr(ledger, "publish", late)
    with pytest.raises(ImportRefusedError, match="published meanwhile"):
        import_folder(folder)
    assert not ActivityRow.objects.filter(title="Renamed").exists()


def test_texts_are_written_as_they_are(folder):
    odd = ["\\N", "\\.", "a,b", 'say "x"', '"', "'", "tab\there", "back\\slash\\n", "NULL", "", " x ", "100%s", "é–😀"]
    draft = Release.objects.create(as_of=date(2023, 11, 3))
    rows = [(f"K{n}", {"title": title, "kind": "PA", "status": "s", "raw": {"t": title}}) for n, title in enumerate(odd)]
    bulk.insert(ActivityRow, draft.pk, rows)
    written = ActivityRow.objects.order_by("pk")
    assert [row.title for row in written] == odd
    assert [row.raw["t"] for row in written] == odd
    assert {(row.reference, row.latitude, row.validation_start, row.host, row.is_plausible) for row in written} == {
        (None, None, None, "", True)
    }


def test_every_word_of_an_import_passes_through_the_translator(tmp_path, settings, monkeypatch):
    settings.LANGUAGE_CODE = "ar"
    monkeypatch.setattr(trans_real, "_default", Pseudo())
    rows = [SEVEN | {"title": "\x93Sol\x94"}, EIGHT | {"unique_id": "_"}, EIGHT | {"host_iso2": "XX"}]
    said = []
    result = import_folder(folder_of(tmp_path, rows, [ISSUED, ISSUED | {"kp_commitment_period": "2"}, ISSUED]), say=said.append)
    told = [*said, *(reason for _name, _line, reason in result.report.rejects + result.report.warnings)]
    assert len(result.report.rejects) == 2
    assert len(told) >= 9
    assert [words for words in told if not words.startswith("⟦")] == []
    (tmp_path / "activities.csv").write_text("a,b\n1,2\n")
    (tmp_path / "issuances.csv").write_bytes((tmp_path / "issuances.csv").read_bytes()[:-10])
    with pytest.raises(ImportRefusedError, match="⟦"):
        import_folder(tmp_path)


# Traps of the data


def imported(tmp_path, *activities, **files):
    return import_folder(folder_of(tmp_path, activities, **files), date(2023, 11, 3))


def test_letters_of_windows_are_repaired_with_a_badge(tmp_path):
    result = imported(tmp_path, SEVEN | {"title": "\x93Sol\x94 \x96 L\x92Énergie"})
    assert ["activities.csv", 2, "the title holds control characters, repaired: “Sol” – L’Énergie"] in result.report.warnings
    row = ActivityRow.objects.get()
    assert row.title == "“Sol” – L’Énergie"
    assert row.badges & Badge.REPAIRED
    assert row.raw["title"].startswith("\\x93Sol")


@pytest.mark.parametrize(
    ("latitude", "longitude", "found", "plausible", "badge"),
    [
        ("-10.5", "-50.25", (-10.5, -50.25), True, False),
        ("10.5", "50.25", (-10.5, -50.25), True, True),
        ("-50.25", "-10.5", (-10.5, -50.25), True, True),
        ("50.25", "10.5", (-10.5, -50.25), True, True),
        ("60", "100", (60, 100), False, False),
        ("91", "0", (None, None), True, False),
        ("", "7", (None, None), True, False),
    ],
)
def test_misplaced_point_is_repaired_or_hidden(tmp_path, latitude, longitude, found, plausible, badge):
    imported(tmp_path, SEVEN | {"lat": latitude, "lon": longitude, "total_cers_issued": "0"})
    row = ActivityRow.objects.get()
    assert ((row.latitude, row.longitude), row.is_plausible) == (found, plausible)
    assert bool(row.badges & Badge.REPAIRED) == badge


def test_contradicted_total_gives_way_to_the_issuances(tmp_path):
    result = imported(tmp_path, SEVEN | {"total_cers_issued": "77"}, EIGHT, issuances=[ISSUED])
    assert [row.key for row in ActivityRow.objects.filter(badges__gte=Badge.CONTRADICTED)] == ["SEVEN"]
    assert "than were issued: 77 for activity 7, issued were 100" in str(result.report.warnings)


def test_process_id_of_two_issuances_is_no_fault(tmp_path):
    result = imported(tmp_path, SEVEN, issuances=[ISSUED, ISSUED | {"kp_commitment_period": "2"}, ISSUED])
    assert IssuanceRow.objects.count() == 2
    assert len(result.report.rejects) == 1
    (warning,) = [line for line in result.report.warnings if "process number" in line[2]]
    assert warning == [
        "issuances.csv",
        3,
        f"the process number stands in the file before, both are kept: {ISSUANCE['issuance_process_id']}",
    ]


def test_one_number_on_two_rows_stays_with_the_first(tmp_path):
    imported(tmp_path, SEVEN, EIGHT | {"project_ref": "7"})
    assert dict(ActivityRow.objects.values_list("key", "reference")) == {"SEVEN": 7, "EIGHT": None}


def test_day_of_1970_is_not_given(tmp_path):
    result = imported(tmp_path, EIGHT | {"validation_start": "1970-01-01"})
    assert ActivityRow.objects.get().validation_start is None
    assert "not given" in str(result.report.warnings)


def test_unknown_host_is_told_and_namibia_is_a_party(tmp_path):
    result = imported(tmp_path, SEVEN | {"host_iso2": "XX"}, EIGHT | {"host_iso2": "NA", "lat": "", "lon": ""})
    assert [reason for _name, _line, reason in result.report.warnings if "in no list" in reason]
    assert ActivityRow.objects.get(key="EIGHT").hosts == "NA"


def cell(*parts):
    """Time as a workbook has it: without a zone."""
    return datetime(*parts)  # noqa: DTZ001


SHEET = {
    "project_ref": 7,
    "unique_id": "SEVEN",
    "title": "Wind farm",
    "activity_type": "PoA",
    "scale": "SMALL",
    "scope_number": "1; 13",
    "methodologies": "AMS-I.D.",
    "project_type": "Wind",
    "validating_doe": "DNV",
    "validation_start": cell(2005, 1, 2),
    "registered": cell(2006, 2, 3),
    "status_group": "Registered",
    "crediting_start": "2006-01-01 00:00:00",
    "crediting_end": "2015-12-31 00:00:00.000",
    "reductions": 0.0,
    "hosts": "KE; UG",
    "subregion": "Eastern Africa",
    "total_cers_issued": 0,
    "capacity_mw": 2.5,
    "source_release": "03Nov2023",
}


def sheet_rows(*rows):
    """Rows of a workbook of the full sheet: its head and values, with a column that nobody asks for."""
    head = list(PUBLISHED["sheet"])
    return [[*head, "Additional"], *([*(row[PUBLISHED["sheet"][name]] for name in head), "more"] for row in rows)]


def test_full_sheet_gives_hosts_scopes_and_registration(tmp_path):
    folder = folder_of(tmp_path, [SEVEN | {"total_cers_issued": "0", "scope_number": ""}, EIGHT])
    write_workbook(folder / "sheet.xlsx", sheet_rows(SHEET))
    import_folder(folder)
    row = ActivityRow.objects.get(key="SEVEN")
    assert (row.hosts, row.host, row.scopes, row.registered) == ("KE; UG", "BR", "1; 13", date(2006, 2, 3))
    assert row.sheet["Additional"] == "more"
    assert ActivityRow.objects.get(key="EIGHT").hosts == "BR"


def test_full_sheet_alone_is_a_release(tmp_path):
    write_workbook(tmp_path / "sheet.xlsx", sheet_rows(SHEET, SHEET | {"unique_id": "B", "project_ref": 0, "status_group": "Rejected"}))
    import_folder(tmp_path)
    seven, other = ActivityRow.objects.order_by("key", "pk").filter(key="SEVEN").get(), ActivityRow.objects.get(key="B")
    assert (seven.kind, seven.scale, seven.crediting_end, seven.capacity) == ("PoA", "SMALL", date(2015, 12, 31), 2.5)
    assert (other.reference, other.status, other.registered) == (None, "Withdrawn", None)
    assert ReleaseEdition.objects.get().as_of == date(2023, 11, 3)


def test_workbooks_of_the_registry_say_what_the_documented_files_say(folder):
    import_folder(folder)
    at = cell(2008, 5, 6, 10, 0, 0)
    blocks = [[at, "Issuance (1)", "4 - Completed", "1 - 100", "CER", "1", "BR", "7", 100], ["Total", *[""] * 7, "=SUM(I2:I2)"]]
    cancelled = [[at, "Cancellation (4)", "1 - 10", "BR-7", "4 - Completed", "1", "CER", 10, "Yes"]]
    issued = [["PA", 7, "BR", "DNV", "Wind", "Wind", "DNV1", cell(2008, 5, 6), cell(2006, 1, 1), cell(2007, 12, 31), 100, 1, 1]]
    for name, rows in {"blocks": blocks, "cancellations": cancelled, "issuances": [[*row, "03Nov2023"] for row in issued]}.items():
        (folder / f"{name}.csv").unlink()
        write_workbook(folder / f"{name}.xlsx", [list(PUBLISHED[name]), *rows])
    assert not import_folder(folder).difference
    assert IssuedBlockRow.objects.get().completed == datetime(2008, 5, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "damage", [lambda content: content[: len(content) // 2], lambda content: b"PK\x03\x04nothing", lambda content: b""]
)
def test_damaged_workbook_is_named(folder, damage):
    path = write_workbook(folder / "sheet.xlsx", sheet_rows(SHEET))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ImportRefusedError, match=r"sheet.xlsx cannot be read as a workbook"):
        import_folder(folder)


def write_sheet(path, xml, part):
    """A workbook of which a part has this text."""
    write_workbook(path, [["a"]])
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in (parts | {part: xml}).items():
            archive.writestr(name, content)


SHEET_PART = "xl/worksheets/sheet1.xml"
SPREADSHEET = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{}</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("xml", "part"),
    [
        (SPREADSHEET.format("<row><c t='inlineStr'><is><t>" + "A" * 10_000_000 + "</t></is></c></row>"), SHEET_PART),
        (SPREADSHEET.format("<row>" + "<c/>" * 2_000_000 + "</row>"), SHEET_PART),
        ("<sst><si><t>" + "A" * 10_000_000 + "</t></si></sst>", "xl/sharedStrings.xml"),
        ("<x>" + "A" * 21_000_000 + "</x>", "xl/theme/theme1.xml"),
    ],
)
def test_workbook_with_a_cell_of_megabytes_is_refused(folder, xml, part):
    write_sheet(folder / "sheet.xlsx", xml, part)
    with pytest.raises(ImportRefusedError, match=r"sheet\.xlsx holds a row or a cell that is too long"):
        import_folder(folder)


def test_workbook_with_millions_of_rows_is_refused(folder):
    write_sheet(folder / "sheet.xlsx", SPREADSHEET.format("<row/>" * 2_100_000), SHEET_PART)
    with pytest.raises(ImportRefusedError, match=r"sheet\.xlsx has more than 2000000 rows or texts"):
        import_folder(folder)


def test_workbook_with_rows_far_away_is_read_to_the_end_of_a_sheet(folder):
    xml = SPREADSHEET.format("<row r='1'/><row r='99999999999'><c r='A99999999999'><v>1</v></c></row>")
    write_sheet(folder / "sheet.xlsx", xml, SHEET_PART)
    assert import_folder(folder, dry_run=True).unread == ["sheet.xlsx"]


def test_file_with_other_separators_is_named(tmp_path):
    (tmp_path / "a.csv").write_bytes(write_csv(tmp_path / "b.csv", "activities", [SEVEN]).read_bytes().replace(b",", b";"))
    (tmp_path / "b.csv").unlink()
    with pytest.raises(ImportRefusedError, match=r"parted by commas: a\.csv"):
        import_folder(tmp_path)


def test_reasons_of_one_sort_are_told_by_the_first_as_a_whole():
    lines = [["a.csv", 0, "the file states other CERs: 584"], ["a.csv", 7, "the file states other CERs: 1151"], ["b.csv", 2, "left out"]]
    assert reasons(lines) == [("the file states other CERs: 584", 2, "a.csv", 0), ("left out", 1, "b.csv", 2)]
    assert [place_of(*place) for _reason, _count, *place in reasons(lines)] == ["a.csv", "b.csv, line 2"]


def test_block_whose_units_do_not_fill_its_serials_is_rejected(folder):
    folder_of(folder, [SEVEN], [ISSUED], [BLOCK, BLOCK | {"serial_start": "101", "serial_end": "150", "units": "5"}])
    result = import_folder(folder)
    assert "5 units do not fill the serials 101 to 150" in str(result.report.rejects)


def test_transitioned_activity_is_matched_by_its_title_to_one_row(tmp_path):
    nine, ten = ({"project_ref": "", "unique_id": key, "title": title} for key, title in (("NINE", "Étude"), ("TEN", "Twice")))
    folder = folder_of(tmp_path, [SEVEN | {"total_cers_issued": "0"}, nine, ten, ten | {"unique_id": "TEN2"}])
    (folder / "facts").mkdir()
    rows = [("7", "Wind farm"), ("9", "ETUDE"), ("10", "Twice"), ("11", "Nowhere")]
    listed = [{"type": "PA", "ref": ref, "registered": "2007-01-02", "title": title} for ref, title in rows]
    write_csv(folder / "facts" / "transitioned.csv", "transitioned", listed)
    result = import_folder(folder, date(2023, 11, 3))
    rows = ActivityRow.objects.all()
    found = {row.key: (row.reference or row.matched_reference, row.registered, bool(row.badges & Badge.MATCHED_REFERENCE)) for row in rows}
    day = date(2007, 1, 2)
    assert found == {
        "SEVEN": (7, day, False),
        "NINE": (9, day, True),
        "TEN": (None, None, False),
        "TEN2": (None, None, False),
    }
    assert registry_at(Moment()).activity(9)[1].key == "NINE"
    assert [reason[-20:] for _name, _line, reason in result.report.warnings] == [
        "its title fits 2 rows, left out"[-20:],
        "its title fits 0 rows, left out"[-20:],
    ]


def test_dump_leaves_releases_to_their_files_so_that_no_release_without_rows_is_loaded(folder, tmp_path):
    import_folder(folder)
    content_files.dump(tmp_path / "dump")
    assert not (tmp_path / "dump" / "release").exists()
