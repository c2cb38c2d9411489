"""A record of 10,000 documents for bench.search: words as frequent as in the shipped content, with a long tail of rare ones."""

import random
import re
from collections import Counter
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path

SECTIONS = 18
YEARS = range(2001, 2021)
WORDS_OF_A_TEXT = 200
RARE_SHARE = 0.1
SEED = 20100310


def vocabulary():
    """(words, cumulated weights): the shipped words of four letters and more, and a tail of made-up ones."""
    text = " ".join(path.read_text() for path in Path("fixtures").rglob("*.md"))
    counted = Counter(word for word in re.findall(r"[a-z]{4,}", text.lower()))
    words, counts = list(counted), list(counted.values())
    rare = [f"{random.Random(n).choice('bdfgklmnprst')}o{n:05}x" for n in range(20_000)]
    share = sum(counts) * RARE_SHARE / (1 - RARE_SHARE)
    weights = counts + [share / (n + 50) / 6 for n in range(len(rare))]
    return words + rare, list(accumulate(weights))


class Words:
    """Texts drawn from the vocabulary, the same for the same seed."""

    def __init__(self, seed=SEED):
        self.chance = random.Random(seed)
        self.words, self.weights = vocabulary()

    def draw(self, count):
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def text(self, count):
        return " ".join(self.draw(count))

    def body(self):
        length = max(20, int(self.chance.gauss(WORDS_OF_A_TEXT, 80)))
        words = self.draw(length)
        return ". ".join(" ".join(words[at : at + 12]).capitalize() for at in range(0, length, 12)) + "."


def fill(size):
    """Fill the empty record with `size` live editions: pages in sections, news items, documents, terms."""
    from publishing.ledger import import_editions
    from publishing.models import Thing

    words = Words()
    kinds = ["page"] * SECTIONS + words.chance.choices(["page", "newsitem", "document", "term"], [4, 3, 2, 1], k=size - SECTIONS)
    things = Thing.objects.bulk_create([Thing(kind=kind, key=f"bench-{n}") for n, kind in enumerate(kinds)])
    sections = things[:SECTIONS]
    rows = [edition(words, n, thing, sections[n % SECTIONS] if n >= SECTIONS else None) for n, thing in enumerate(things)]
    import_editions(rows)
    return rows


def edition(words, number, thing, section):
    from publishing import kinds

    year = words.chance.choice(YEARS)
    model = kinds.get(thing.kind).edition
    row = model(thing_id=thing.pk, kind=thing.kind, live_from=datetime(2021, 1, 1, tzinfo=UTC), imported=True)
    row.put_content(CONTENT[thing.kind](words, number, section, date(year, 1 + number % 12, 15)))
    return row


def page(words, number, section, _day):
    return {
        "parent_id": section and section.pk,
        "slug": f"page-{number}",
        "title": words.text(4).capitalize(),
        "summary": words.text(14).capitalize() + ".",
        "body": words.body(),
        "in_menu": section is None,
    }


def newsitem(words, number, _section, day):
    return {"date": day, "title": words.text(6).capitalize(), "slug": f"n{number}", "summary": words.text(14), "body": words.body()}


def document(words, number, _section, day):
    classes = ["decision", "standard", "procedure", "guidance", "clarification", "tool", "form", "report", "other"]
    return {
        "slug": f"d{number}",
        "title": words.text(6).capitalize(),
        "document_class": words.chance.choice(classes),
        "issued_by": "eb",
        "date": day,
        "summary": words.text(14),
        "body": words.body(),
    }


def term(words, number, _section, _day):
    return {"name": f"{words.text(2)} {number}", "slug": f"t{number}", "body": words.body()}


CONTENT = {"page": page, "newsitem": newsitem, "document": document, "term": term}
