"""The shipped issues, and the two engines on the shipped content."""

import pytest

from publishing import kinds
from publishing.anchors import ids
from publishing.moment import Moment
from search import indexer
from search.issues import issues
from search.models import Group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

SEED = {"/about/hcfc-22/", "/about/small-scale-ar-limit/", "/about/ccs/"}


def test_shipped_issues_cover_sections_seed_scopes_bodies_and_rules():
    moment = Moment()
    known = issues(moment)
    assert len(known.live) >= 60
    assert {entry.heading for entry in known.live} == set(Group.values)
    targets = kinds.get("issue").targets(known.by_thing, moment)
    assert len(targets) == len(known.live), "each leads somewhere"
    assert {targets[entry.thing_id].address for entry in known.live if entry.heading == Group.RELATED} == SEED
    assert len([entry for entry in known.live if entry.heading == Group.SECTIONS]) >= 17
    assert len([entry for entry in known.live if "sectoral scope" in " ".join(entry.synonyms)]) == 15


@pytest.mark.parametrize("asked", ["2010-03-10", None])
def test_places_of_shipped_issues_are_headings_of_their_pages(asked):
    moment = Moment(asked)
    for entry in issues(moment).live:
        if entry.place and "#" not in entry.place:
            target = kinds.targets([(entry.target.kind, entry.target_id)], moment)[entry.target_id]
            assert entry.place in ids(target, moment), entry.label


def test_beginning_finds_at_least_what_the_word_finds(ask):
    """Each beginning of a common word, whole words among them: what has the word as it is spelt is found."""
    indexer.catch_up()
    for word in ("programme", "registration", "methodology", "afforestation", "issuance", "emissions", "small-scale", "verified"):
        whole = {hit.thing for hit in ask(f'"{word}"', sort="date").hits}
        assert whole, word
        counts = [ask(f"{word[:length]}*").count for length in range(len(word), 3, -1)]
        assert counts == sorted(counts), word
        assert counts[0] > 0, word


def test_database_finds_what_the_index_finds(ask, index):
    """The same documents with the same counts, whichever answers."""
    indexer.catch_up()
    queries = [
        "registration",
        "project cycle",
        '"letter of approval"',
        "small-scale",
        "verif*",
        "programme*",
        "methodolog* registration*",
        "small-scale*",
        "3/CMP.1",
        "fees -share",
        "who chairs the panel in 2010",
    ]
    answers = {}
    for query in queries:
        found = ask(query)
        assert found.source == "index"
        answers[query] = found.count, {hit.thing for hit in found.hits}, [facet["choices"] for facet in found.facets]
    index.generations.head_file.unlink()
    for query in queries:
        found = ask(query)
        assert found.source == "missing"
        assert (found.count, [facet["choices"] for facet in found.facets]) == (answers[query][0], answers[query][2]), query
        assert len({hit.thing for hit in found.hits} & answers[query][1]) >= 0.9 * len(answers[query][1])
