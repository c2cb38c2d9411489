"""What tests of the search share: the record's clock, an index that no other test sees, and short ways to make and ask."""

import shutil

import pytest
from django.http import QueryDict

from publishing import holdings
from publishing.ledger import publish
from publishing.moment import Moment
from search import backend, indexer
from search.models import Issue
from search.results import search
from search.search_request import SearchRequest
from tests.record import clock
from tests.shipped import shipped

__all__ = ["clock", "shipped"]


@pytest.fixture(autouse=True)
def index():
    """The backend with an empty folder: databases of tests share their numbers."""
    engine = backend.default()
    shutil.rmtree(engine.generations.path, ignore_errors=True)
    yield engine
    engine.index.close()
    shutil.rmtree(engine.generations.path, ignore_errors=True)


@pytest.fixture
def indexed(index):
    """Brings the index up to the record whenever it is called."""
    return indexer.catch_up


@pytest.fixture
def ask():
    """Asks the site search as it is now: `ask("words", kind="page")`."""

    def asking(text, moment=None, **parameters):
        query = QueryDict(mutable=True)
        query.update({"q": text} | {name.rstrip("_"): value for name, value in parameters.items()})
        moment = moment or Moment()
        return search(SearchRequest.from_query(query, moment), moment)

    return asking


@pytest.fixture
def titles(ask):
    """The titles that the site search finds."""
    return lambda text, moment=None, **parameters: [hit.title for hit in ask(text, moment, **parameters).hits]


def live_issue(label, target, **fields):
    issue = Issue.objects.create(**{"label": label, "target": target, "heading": "rules"} | fields)
    publish([issue])
    return issue


@pytest.fixture
def texts_alone(monkeypatch):
    """Searches find texts alone: no registry is there, nor its sample."""
    monkeypatch.setattr(holdings, "_registry", {})
