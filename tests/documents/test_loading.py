"""Files on their way into the record and out of it: load, dump, load again."""

import pytest
from django.core.management import call_command

from documents.models import DocumentVersionEdition
from files.fields import StoredFileField
from publishing import content_files, kinds
from publishing.models import Edition, Thing


def contents():
    """Everything that the record says, without the ids of the database, files by name and hash."""
    references = {thing.pk: thing.reference for thing in Thing.objects.all()}
    frame = "number live_from live_to recorded action reason note".split()
    frames = [(references[thing], *values) for thing, *values in Edition.objects.order_by("number").values_list("thing", *frame)]
    versions = [
        (v.number, references[v.of_document_id], v.version_number, v.valid_from, v.file, v.outside_address)
        for v in DocumentVersionEdition.objects.order_by("number")
    ]
    return frames, versions


def files_below(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=True)
def test_load_dump_load_gives_the_same_record_and_the_same_files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "first"
    content_files.load(settings.BASE_DIR / "fixtures")
    before = contents()
    content_files.dump(tmp_path / "dump")
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "second"
    content_files.load(tmp_path / "dump")
    assert contents() == before
    assert files_below(tmp_path / "first") == files_below(tmp_path / "second")
    assert len(files_below(tmp_path / "second")) >= 4
    content_files.dump(tmp_path / "again")
    assert files_below(tmp_path / "dump") == files_below(tmp_path / "again")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "missing.csv", "page.html"])
def test_front_matter_cannot_bring_in_a_file_from_elsewhere(tmp_path, name):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "content"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "page.html").write_text("<html>")
    for kind, text in {
        "document": "slug: a\ntitle: A\ndocument_class: report\nissued_by: eb",
        "documentversion": f"of_document: document/a\nversion_number: '1'\nfile: {name}",
    }.items():
        (folder / kind / "a").mkdir(parents=True)
        (folder / kind / "a" / "2010-03-10.md").write_text(f"---\nlive_from: 2010-03-10T00:00:00Z\n{text}\n---\n")
    with pytest.raises(content_files.ContentFileError, match="documentversion"):
        content_files.load(folder)
    assert not Edition.objects.exists()


def test_column_of_files_is_the_same_for_all_kinds():
    fields = [field for kind in kinds.every() for field in kind.edition.content_fields() if isinstance(field, StoredFileField)]
    assert len(fields) >= 2
