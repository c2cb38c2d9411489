"""Retention: what is deleted when, and that nothing of it is left in rows, files or free pages."""

import io
import sqlite3
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from calls.models import PublishedSubmission
from files import private
from mail.models import WaitingMail
from submissions import retention
from submissions.models import SenderAddress, Submission, SubmittedFile
from tests.bodies.conftest import live_body
from tests.calls.conftest import CLOSES, OPENS, live_call
from tests.desk_client import publisher
from tests.record import DAY, HOUR
from tests.submissions.conftest import address, confirmed, filled, opened, stranger, submitted
from tests.submissions.test_queue import decided

CANARY = "kanarienvogel"


def canary_file():
    return SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY} in a file".encode())


def of_the_canary(**changes):
    return {"name": f"{CANARY} name", "email": f"{CANARY}@example.org", "text": f"{CANARY} text " * 400, "organisation": CANARY} | changes


def is_in_database():
    """Whether the canary stands in the bytes of the database, free pages too; on PostgreSQL, in its rows."""
    if connection.vendor == "sqlite":
        return CANARY.encode() in connection.connection.serialize()
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{CANARY}%"])
            if cursor.fetchone()[0]:
                return True
    return False


def is_in_store():
    return any(CANARY.encode() in path.read_bytes() for path in (private.root() / "submissions").glob("*") if path.is_file())


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_person_is_left_in_rows_files_mails_and_free_pages(clock):
    call = live_call(live_body(), has_form=True)
    clock.set(OPENS + HOUR)
    confirmed(call, clock, files=[canary_file()], **of_the_canary())
    refused = confirmed(call, clock, **of_the_canary(email=f"{CANARY}2@example.org"))
    decided(publisher(), refused, "refuse", reason=f"{CANARY} reason")
    submitted(call, clock, **of_the_canary(email=f"{CANARY}3@example.org"))
    assert is_in_database()
    assert is_in_store()
    clock.set(datetime(2031, 4, 10, 17, 6, tzinfo=UTC))
    assert retention.delete_due(clock.now)["submissions"] == 1  # the one that was never confirmed
    assert is_in_database()
    clock.set(datetime(2031, 4, 10, 17, 8, tzinfo=UTC))
    printed = io.StringIO()
    call_command("delete_personal_data", stdout=printed)
    assert "2 submissions" in printed.getvalue()
    assert "2 addresses" in printed.getvalue()
    assert "1 files" in printed.getvalue()
    assert not is_in_database()
    assert not is_in_store()
    assert not SenderAddress.objects.exists()
    assert not WaitingMail.objects.filter(key__startswith="submission ").exists()
    assert Submission.objects.count() == 3


@pytest.mark.django_db
def test_retention_is_counted_from_the_last_topic_and_ends_on_the_last_day_of_a_short_month(board, clock):
    topics = ["early | Early topic", "late | Late topic | 2030-08-31 24:00"]
    call = live_call(board, has_form=True, topics=topics, retention_months=18)
    assert retention.delete_on(call) == datetime(2032, 3, 1, tzinfo=UTC)
    assert retention.months_later(datetime(2030, 8, 31, 9, tzinfo=UTC), 6) == datetime(2031, 2, 28, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_unconfirmed_leave_after_fourteen_days_and_files_of_unused_tickets_after_two(call, clock, monkeypatch):
    monkeypatch.setattr(retention, "rewriting", list)  # not within the test's transaction
    submission = submitted(call, clock)
    stranger().post(address(call), filled(ticket=opened(call, clock), email="", files=[canary_file()]))
    SubmittedFile.objects.update(made=clock.now)
    clock.tick(3 * DAY)
    assert retention.delete_due(clock.now) == {"unused files": 1}
    assert not SubmittedFile.objects.exists()
    clock.tick(12 * DAY)
    assert retention.delete_due(clock.now)["submissions"] == 1
    submission.refresh_from_db()
    assert (submission.standing, submission.text) == ("expired", "")


@pytest.mark.django_db
def test_published_copy_stays_when_the_person_is_deleted(call, clock, monkeypatch):
    monkeypatch.setattr(retention, "rewriting", list)
    submission = confirmed(call, clock)
    decided(publisher(), submission, "publish")
    clock.set(CLOSES + 400 * DAY)
    assert retention.delete_due(clock.now)["submissions"] == 1
    assert PublishedSubmission.objects.get().name == "Amina Okoye"
    submission.refresh_from_db()
    assert (submission.standing, submission.public_number, submission.name) == ("published", 1, "")
    assert retention.delete_due(clock.now) == {}


def test_overwritten_rows_stay_readable_in_a_file_that_is_not_written_anew(tmp_path):
    """Why the database is written anew: blanked words stay in its free pages."""
    database = sqlite3.connect(tmp_path / "kept.sqlite3")
    database.execute("PRAGMA secure_delete=OFF")
    database.execute("CREATE TABLE t (a TEXT)")
    database.executemany("INSERT INTO t VALUES (?)", [(f"{CANARY} {number} " * 50,) for number in range(200)])
    database.commit()
    database.execute("UPDATE t SET a=''")
    database.commit()
    assert CANARY.encode() in database.serialize()
    database.execute("VACUUM")
    assert CANARY.encode() not in database.serialize()
    database.close()
