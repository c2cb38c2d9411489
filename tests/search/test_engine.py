"""The engine finds exactly what plain Python finds, over one segment or many, with documents deleted and segments merged."""

import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from search.analysis import parts, positions
from search.engine.codec import Damaged
from search.engine.generations import Head
from search.engine.index import Index, Missing
from search.engine.writing import MOST_SMALL, writing
from search.queries import AnyOf, Beginning, Word, parse

WORDS = "board meeting project activities registration small-scale 3/CMP.1 fees methodology panel issuance of the HFC-23 verified".split()
QUERIES = [
    "board",
    "boards meetings",
    "project registration fees",
    '"project activities"',
    '"board of the panel"',
    "regist*",
    "small-scale",
    "smallscale",
    "3/CMP.1 board",
    "board -panel",
    'board -"project activities"',
    "hfc* -fees methodologies",
    "HFC 23",
    "nothing board",
    "nothing at all here",
]


def document(number, chance):
    text = " ".join(chance.choices(WORDS, k=chance.randint(3, 40)))
    return {
        "thing": number,
        "number": number * 10,
        "model": "a.b",
        "title": " ".join(chance.choices(WORDS, k=3)),
        "summary": "",
        "text": text,
        "day": chance.randint(1, 1000),
        "kind": chance.choice(["page", "term"]),
        "section": chance.choice(["Public Works", "Public Life", "works"]),
        "year": str(chance.randint(2001, 2004)),
        "class": chance.choice(["", "Decision"]),
    }


@pytest.fixture
def built(template, tmp_path):
    """An index written in several sessions, and the documents that it should hold."""
    path, documents = template
    index = Index(shutil.copytree(path, tmp_path / "index"))
    yield index, documents
    index.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    index, chance, documents = Index(path), random.Random(5), {}
    folder = index.generations.new_folder()
    for round_number in range(MOST_SMALL + 3):
        with writing(folder) as session:
            touched = chance.sample(sorted(documents), min(len(documents), 7))
            session.remove(touched)
            for thing in touched[:4]:
                del documents[thing]
            new = range(round_number * 100, round_number * 100 + 30)
            for thing in [*touched[4:], *new]:
                documents[thing] = document(thing, chance)
                add(session, documents[thing])
    switch(index, folder, session)
    return path, documents


def add(session, values):
    kept = {name: value for name, value in values.items() if name != "text"}
    session.add([(values["title"], 3), (values["text"], 1)], **kept)


def switch(index, folder, session):
    index.generations.switch(Head(folder.name, session.generation, session.count, 1, "", "", "2010-03-10T00:00:00+00:00"))


def terms_of(values):
    found = {}
    for zone, text in enumerate((values["title"], values["text"])):
        for term, position in positions(text, zone * 1000):
            found.setdefault(term, set()).add(position)
        for word in parts(text):
            found.setdefault(word, set())
    return found


def has(node, terms):
    if isinstance(node, Word):
        return node.term in terms
    if isinstance(node, Beginning):
        return node.fits(terms)
    if isinstance(node, AnyOf):
        return any(has(one, terms) for one in node.nodes)
    first, offset = node.pairs[0]
    starts = {position - offset for position in terms.get(first, ())}
    return any(all(start + offset in terms.get(term, ()) for term, offset in node.pairs) for start in starts)


def expected(query, documents):
    """Ids of what should be found: with enough of the words, or with any of them if nothing has."""
    for enough in (query.enough, 1):
        found = set()
        for thing, values in documents.items():
            terms = terms_of(values)
            others = [node for node in query.wanted if not isinstance(node, Word | AnyOf)]
            wanted = sum(has(node, terms) for node in query.words) >= enough and all(has(node, terms) for node in others)
            if wanted and not any(has(node, terms) for node in query.unwanted):
                found.add(thing)
        if found or len(query.words) < 2:
            break
    return found


@pytest.mark.parametrize("text", QUERIES)
def test_query_finds_what_plain_python_finds(built, text):
    index, documents = built
    found = index.search(parse(text), 0, 10_000)
    things = {stored["thing"] for stored, _ in found.documents}
    assert things == expected(parse(text), documents)
    assert found.count == len(things)


def test_segments_were_merged_and_documents_deleted(built):
    index, documents = built
    reader = index.reader()
    assert 1 < len(reader.leaves) <= MOST_SMALL
    assert reader.deleted
    assert reader.count == len(documents)


def test_scores_fall_and_pages_follow_each_other(built):
    index, _ = built
    everything = index.search(parse("board meeting panel"), 0, 500).documents
    scores = [score for _, score in everything]
    assert scores == sorted(scores, reverse=True)
    assert index.search(parse("board meeting panel"), 20, 40).documents == everything[20:40]


def test_single_term_goes_the_short_way_to_the_same_order(built):
    index, _ = built
    short = index.search(parse("board"), 0, 40).documents
    long = index.search(parse("board*"), 0, 40).documents
    ratio = [one / other for (_, one), (_, other) in zip(short, long, strict=True)]
    assert max(ratio) == pytest.approx(min(ratio))


def test_newest_first(built):
    index, _ = built
    days = [stored["day"] for stored, _ in index.search(parse("board"), 0, 50, by_date=True).documents]
    assert days == sorted(days, reverse=True)


def test_facets_count_values_whole_and_what_choosing_another_would_find(built):
    index, documents = built
    found = index.search(parse("board"), facets=("section", "kind", "class"), filters={"section": "public works"})
    matching = {thing: documents[thing] for thing in expected(parse("board"), documents)}
    assert dict(found.facets["section"]) == count(matching, "section")
    assert dict(found.facets["kind"]) == count({t: v for t, v in matching.items() if v["section"] == "Public Works"}, "kind")
    assert found.count == count(matching, "section")["Public Works"]
    assert dict(found.facets["class"]).keys() == {"Decision"}


def count(documents, name):
    values = [values[name] for values in documents.values()]
    return {value: values.count(value) for value in set(values)}


def test_what_is_left_out_is_in_no_count(built):
    index, documents = built
    gone = sorted(documents)[:40]
    found = index.search(parse("board"), 0, 1000, facets=("kind",), without=gone)
    assert not {stored["thing"] for stored, _ in found.documents} & set(gone)
    assert found.count == sum(dict(found.facets["kind"]).values())


def test_missing_index_is_told(tmp_path):
    with pytest.raises(Missing):
        Index(tmp_path).reader()


def test_index_of_another_version_is_missing(built):
    index, _ = built
    index.generations.switch(replace(index.generations.head(), version="0-little"))
    with pytest.raises(Missing):
        index.reader()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"folder": "index-000001"', "\0\0"])
def test_head_that_cannot_be_read_is_missing(built, text):
    index, _ = built
    index.generations.head_file.write_text(text)
    with pytest.raises(Missing):
        index.reader()


@pytest.mark.parametrize("keep", [0, 1, 100, 20_000])
def test_segment_cut_short_under_an_open_reader_is_damage_and_no_crash(built, keep):
    index, _ = built
    reader = index.reader()
    segment = max(Path(reader.storage.folder).iterdir(), key=lambda path: path.stat().st_size)
    os.truncate(segment, keep)
    with pytest.raises(Damaged):
        index.search(parse("board"))


def test_folder_that_is_gone_is_damage_for_who_opens_it(built):
    index, _ = built
    folder = index.generations.folder(index.generations.head())
    before = index.search(parse("board")).count
    for path in folder.iterdir():
        path.unlink()
    assert index.search(parse("board")).count == before, "who has it open reads on"
    index.close()
    with pytest.raises(Damaged):
        index.search(parse("board"))


def test_failed_session_leaves_everything_as_it_was(built):
    index, documents = built
    folder = index.generations.folder(index.generations.head())
    with pytest.raises(ZeroDivisionError), writing(folder) as session:
        session.remove(sorted(documents)) or add(session, document(99_999, random.Random(1))) or 1 / 0
    index.close()
    assert index.reader().count == len(documents)


def test_two_generations_are_kept_and_unfinished_ones_removed(built):
    index, _ = built
    generations, head = index.generations, index.generations.head()
    for _ in range(3):
        folder = generations.new_folder()
        with writing(folder) as session:
            pass
        switch(index, folder, session)
    generations.new_folder()
    generations.prune()
    kept = sorted(path.name for path in generations.path.glob("index-*"))
    assert kept == ["index-000003", "index-000004"]
    assert head.folder not in kept
