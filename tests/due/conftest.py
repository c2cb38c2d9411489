"""Jobs of the test's own, in place of the portal's."""

import pytest

from due import jobs


@pytest.fixture
def own_jobs(monkeypatch):
    """The registry of jobs, empty; the decorator fills it."""
    own = {}
    monkeypatch.setattr(jobs, "registered", own)
    monkeypatch.setattr("due.running.registered", own)
    return own
