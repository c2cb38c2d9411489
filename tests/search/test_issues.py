"""Issues as a kind of the record."""

import pytest
from django.core.exceptions import ValidationError

from publishing.kinds import Addressed
from publishing.ledger import publish, withdraw
from publishing.moment import Moment
from search.issues import issues
from search.kinds import IssueKind
from search.models import Issue
from tests.record import live_page
from tests.search.conftest import live_issue

pytestmark = pytest.mark.django_db


def test_two_issues_cannot_have_one_name():
    page = live_page("page")
    live_issue("Fees", page, synonyms=["charges"])
    with pytest.raises(ValidationError, match="would both be found by “charges”"):
        live_issue("Costs", page, synonyms=["charges"])


@pytest.mark.parametrize("names", ["text", [1], [""], ["a" * 121]])
def test_names_are_a_list_of_short_texts(names):
    with pytest.raises(ValidationError):
        Issue(label="Fees", heading="rules", synonyms=names, target=live_page("page")).full_clean()


def test_names_are_tidied():
    issue = Issue(label="Fees", heading="rules", synonyms=[" a  b ", "a b", "c"], target=live_page("page"))
    issue.full_clean()
    assert issue.synonyms == ["a b", "c"]


def test_issue_has_the_address_of_its_target_and_none_without_it():
    page = live_page("page")
    issue = live_issue("Fees", page, place="h-fees")
    moment = Moment()
    assert IssueKind().targets([issue.pk], moment)[issue.pk].address == "/page/#h-fees"
    assert not isinstance(IssueKind(), Addressed)
    assert IssueKind().things_linked(issue) == {page.pk}
    withdraw(page, "Out of date.")
    assert IssueKind().targets([issue.pk], Moment()) == {}


def test_issue_of_a_withdrawn_issue_is_gone_from_the_list():
    page = live_page("page")
    issue = live_issue("Fees", page)
    assert [entry.label for entry in issues(Moment()).live] == ["Fees"]
    withdraw(issue, "Merged.")
    assert issues(Moment()).live == []
    publish([issue])
    assert [entry.label for entry in issues(Moment()).live] == ["Fees"]
