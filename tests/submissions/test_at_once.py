"""At one time: twenty forms with one ticket, and a publication against a withdrawal. Whatever wins, one state stands at the end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from calls.models import PublishedSubmission
from mail.models import WaitingMail
from publishing.models import Edition
from submissions.models import SenderAddress, Submission
from tests.desk_client import browser_of, publisher
from tests.submissions.conftest import address, confirmed, filled, last_secrets, opened, stranger

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """What the functions return, all begun at the same moment, each in a thread and with a connection of its own."""
    start = Barrier(len(works))

    def run(work):
        try:
            start.wait(30)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [outcome.result(60) for outcome in [pool.submit(run, work) for work in works]]


def test_twenty_posts_of_one_ticket_are_one_submission(call, clock):
    form = filled(ticket=opened(call, clock))
    answers = at_once(*[lambda: stranger().post(address(call), form)] * 20)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1, "all are led to the one receipt"
    assert (Submission.objects.count(), SenderAddress.objects.count()) == (1, 1)
    assert WaitingMail.objects.filter(key__contains=" confirm ").count() == 1


@pytest.mark.parametrize("_time", range(4))
def test_publication_and_withdrawal_at_once_leave_one_state(call, clock, _time):
    submission = confirmed(call, clock)
    desk, secret = browser_of(publisher()), last_secrets()["withdraw"]
    published, withdrawn = at_once(
        lambda: desk.post(f"/admin/submissions/submission/{submission.pk}/", {"do": "publish", "passages": "", "reason": ""}),
        lambda: stranger().post(f"/public-inputs/withdraw/{secret}/"),
    )
    assert withdrawn.status_code == 200
    assert published.status_code in {302, 409}
    submission.refresh_from_db()
    assert (submission.standing, submission.text, submission.name) == ("withdrawn", "", "")
    assert (submission.public_number is not None) == (published.status_code == 302)
    if published.status_code == 302:
        assert stranger().get(f"{call.path}submissions/1/").status_code == 451
        assert not Edition.objects.filter(thing=PublishedSubmission.objects.get().pk, erased_by=None, action="publish").exists()
    else:
        assert not PublishedSubmission.objects.exists()
