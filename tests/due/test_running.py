"""What falls due is done once, whoever else runs; a job that fails or is killed stops no other."""

import os
import signal
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from due.jobs import MINUTE, job, registered
from due.models import SELF, JobRun
from due.running import run_all, state
from tests.publishing.test_crashes import in_child, was_killed

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def done(own_jobs):
    """Names of the jobs that were done, in their order."""
    found = []
    job("hourly", every=HOUR)(lambda: found.append("hourly") or "2 things")
    job("each minute")(lambda: found.append("each minute"))
    return found


def set_back(name, by):
    row = JobRun.objects.get(name=name)
    row.started -= by
    row.save()


def test_job_is_done_when_it_is_due_and_not_before(done):
    assert run_all() == run_all() == []
    assert done == ["hourly", "each minute"]
    set_back("each minute", MINUTE)
    set_back("hourly", HOUR / 2)
    run_all()
    assert done == ["hourly", "each minute", "each minute"]
    set_back("hourly", HOUR / 2)
    run_all()
    assert done[3:] == ["hourly"]


def test_row_tells_what_was_done(done):
    run_all()
    row = JobRun.objects.get(name="hourly")
    assert (row.done, row.failed, row.held_until) == ("2 things", None, None)
    assert row.started <= row.ended


def test_failing_job_stops_no_other_and_is_told_without_its_values(own_jobs, done, caplog):
    @job("aaa")
    def fail():
        raise ValueError("planted words")

    own_jobs["hourly"] = own_jobs.pop("hourly")  # after it
    with pytest.raises(CommandError, match="aaa"):
        call_command("run_due")
    assert done == ["each minute", "hourly"]
    row = JobRun.objects.get(name="aaa")
    assert "ValueError (test_running.py, line" in row.failure
    assert "planted words" not in row.failure
    assert "A job failed: aaa" in caplog.text
    assert state()[2] == ["aaa"]


def test_job_that_failed_is_tried_the_next_minute_and_forgiven(own_jobs):
    tries = []

    @job("daily", every=24 * HOUR)
    def fail_once():
        tries.append(1)
        if len(tries) == 1:
            raise OSError

    assert run_all() == ["daily"]
    set_back("daily", MINUTE)
    assert run_all() == []
    set_back("daily", MINUTE)
    assert run_all() == []
    assert len(tries) == 2


def test_two_at_once_do_the_work_once(own_jobs, tmp_path):
    @job("slow")
    def work():
        (tmp_path / str(os.getpid())).write_text("done")
        signal.sigtimedwait([signal.SIGUSR2], 0.5)

    connections.close_all()
    children = [in_child(run_all) for _ in range(4)]
    assert not [child for child in children if was_killed(child)]
    assert len(list(tmp_path.iterdir())) == 1


def test_job_of_a_killed_run_is_done_when_its_lease_has_run_out(own_jobs, done):
    @job("killed", lease=5 * MINUTE)
    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    assert was_killed(in_child(run_all))
    own_jobs["killed"] = registered_again(own_jobs["killed"], lambda: done.append("killed"))
    set_back("killed", 4 * MINUTE)
    run_all()
    assert "killed" not in done, "it is held still"
    JobRun.objects.filter(name="killed").update(held_until=timezone.now())
    run_all()
    assert "killed" in done


def registered_again(old, run):
    return type(old)(old.name, run, old.every, old.lease)


def test_run_killed_before_each_statement_leaves_nothing_undone(own_jobs, tmp_path):
    job("first")(lambda: (tmp_path / "first").write_text("done") and None)
    job("second")(lambda: (tmp_path / "second").write_text("done") and None)
    for step in range(40):
        for made in tmp_path.iterdir():
            made.unlink()
        JobRun.objects.all().delete()
        if not was_killed(in_child(run_all, step)):
            break
        JobRun.objects.update(held_until=None)
        JobRun.objects.exclude(ended=None).update(started=None)
        run_all()
        assert {made.name for made in tmp_path.iterdir()} == {"first", "second"}, step
    else:
        pytest.fail("a run has more statements than were tried")
    assert step > 5


def test_clock_that_was_set_back_keeps_no_job_from_being_done(done):
    run_all()
    JobRun.objects.update(started=timezone.now() + 30 * 24 * HOUR, held_until=timezone.now() + 30 * 24 * HOUR)
    run_all()
    assert done == ["hourly", "each minute"] * 2


def test_state_tells_when_it_ran_last_and_that_it_is_overdue(done):
    assert state() == (None, False, [])
    run_all()
    last, overdue, failing = state()
    assert timezone.now() - last < MINUTE
    assert (overdue, failing) == (False, [])
    set_back(SELF, 11 * MINUTE)
    assert state()[1]


def test_every_job_of_the_portal_runs_on_an_empty_portal(db):
    assert registered
    assert run_all() == []
    assert {row.name for row in JobRun.objects.exclude(ended=None)} == {SELF, *registered}
