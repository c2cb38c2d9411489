"""What the tests of the library share: drafts and live things in one line, a store of their own, the shipped content."""

from io import BytesIO
from itertools import count

import pytest

from documents.models import Document, DocumentVersion
from files import uploads
from publishing.ledger import publish
from tests.files import samples
from tests.record import clock
from tests.shipped import shipped

__all__ = ["clock", "shipped"]

numbers = count(1)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """Each test keeps files in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "files"


def kept(name="report.pdf", data=samples.PDF):
    return uploads.accept(BytesIO(data), name)


def new_document(**fields):
    """A draft that has been saved and not published."""
    number = next(numbers)
    values = {"slug": f"document-{number}", "title": f"Document {number}", "document_class": "report", "issued_by": "eb"}
    return Document.objects.create(**values | fields)


def live_document(**fields):
    document = new_document(**fields)
    publish([document])
    return document


def new_version(document, **fields):
    values = {"of_document_id": document.pk, "version_number": "1"}
    if not fields.keys() & {"file", "outside_address"}:
        values["file"] = kept()
    version = DocumentVersion(**values | fields)
    version.full_clean()
    version.save()
    return version


def live_version(document, **fields):
    version = new_version(document, **fields)
    publish([version])
    return version
