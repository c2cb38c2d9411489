"""The library's lists with 100 and with 5,000 generated documents of one version each: `make bench-library`."""

from datetime import UTC, date, datetime
from io import BytesIO

from bench import sizes

ADDRESSES = {
    "first page": "/documents/",
    "page 2": "/documents/?page=2",
    "five classes": "/documents/?class=decision&class=report&class=tool&class=form&class=other",
    "class, body, year, order": "/documents/?class=report&body=eb&year=2009&sort=title",
    "words": "/documents/?words=annex+forest",
    "one day of the past": "/@2024-01-01/documents/",
}


def fill(size):
    from documents.models import Document, DocumentClass, DocumentEdition, DocumentVersion, DocumentVersionEdition
    from files import uploads
    from pages.models import Page, PageEdition
    from publishing.ledger import import_editions

    file = uploads.accept(BytesIO(b"generated\n"), "generated.txt")
    bodies = ["cmp", "eb", "mp", "ap", "secretariat"]
    section = Page.objects.create(slug="documents", title="Reference / Documentation", body="Words of the section.")
    pairs = [(PageEdition, section)]
    for number in range(size):
        document = Document.objects.create(
            slug=f"generated-{number}",
            symbol=f"EB {number // 40} Annex {number % 40}",
            title=f"Generated document {number} on {'forests' if number % 7 else 'landfill gas'}",
            document_class=DocumentClass.values[number % 9],
            issued_by=bodies[number % 5],
            date=date(2001 + number % 20, 1 + number % 12, 15),
            subjects=["forest", "landfill gas", "wind"][: number % 4],
            summary="One sentence about the document that lists show.",
            body="Text of the document with a link to the [library](/documents/).\n\n" * 5,
        )
        pairs.append((DocumentEdition, document))
        pairs.append((DocumentVersionEdition, DocumentVersion.objects.create(of_document_id=document.pk, version_number="1", file=file)))
    start = datetime(2023, 11, 3, tzinfo=UTC)
    import_editions([e(thing_id=draft.pk, kind=e.KIND, live_from=start, imported=True, **draft.content()) for e, draft in pairs])
    return document


if __name__ == "__main__":
    sizes.main("bench.library", fill, ADDRESSES)
