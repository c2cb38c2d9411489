import pytest

from tests.record import clock
from tests.serving import Portal, publish

__all__ = ["clock", "portal"]


@pytest.fixture
def portal(transactional_db):
    """A portal with a home page and one section, whose cache nobody has used yet."""
    publish("", "CDM Home")
    publish("about", "About CDM", "The mechanism in brief. " * 60)
    yield Portal()
    Portal.close_all()
