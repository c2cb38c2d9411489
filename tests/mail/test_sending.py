"""What waits is sent once, whatever happens to the sender or the server."""

import email
import email.policy
import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from mail import held, messages, outbox, sending
from mail.models import Addressee, MailState, WaitingMail
from tests.publishing.test_crashes import in_child, was_killed

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def wait(count, to="anna{}@example.org", first=1):
    for number in range(first, first + count):
        outbox.send(to.format(number), f"Subject {number}", f"Body {number}", f"event {number}")


def given_up_leases():
    WaitingMail.objects.exclude(state=MailState.WAITING).update(next_try=timezone.now())


def patient():
    """Whatever waits is due now, and what killed senders have left has lapsed."""
    WaitingMail.objects.update(next_try=timezone.now())


def states():
    return Counter(WaitingMail.objects.values_list("state", flat=True))


def test_mail_arrives_as_it_was_written(server):
    outbox.send("anna@example.org", "It's <b> & “Zürich”", "It's <b> & “Zürich”: π\n\nBye", "1")
    assert sending.send_waiting() == "1 sent"
    ((to, raw),) = server.got
    message = read(raw)
    assert to == "anna@example.org"
    assert message["Subject"] == "It's <b> & “Zürich”"
    assert message.get_content().replace("\r\n", "\n") == "It's <b> & “Zürich”: π\n\nBye\n"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Message-ID"] == messages.message_id("1")
    assert message["List-Id"] is None
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 100


def test_what_was_sent_is_kept_as_its_key_alone(server):
    outbox.send("anna@example.org", "Invitation", "a token", "1", secret=True, expires=timezone.now() + HOUR)
    sending.send_waiting()
    mail = WaitingMail.objects.get()
    assert (mail.state, mail.subject, mail.body) == (MailState.SENT, "", "")
    assert not outbox.send("anna@example.org", "Invitation", "a token", "1")
    assert sending.send_waiting() == ""
    assert len(server.got) == 1


def test_line_is_folded_and_addresses_stay_whole():
    address = "https://cdm.example.org/" + "a" * 100
    lines = messages.folded(f"- {'word ' * 30}\n{address}\n\nend").splitlines()
    assert lines[0].startswith("- word")
    assert lines[1].startswith("  word")
    assert lines[-3:] == [address, "", "end"]
    assert max(len(line) for line in lines if line != address) <= messages.WIDTH


def test_server_that_is_down_loses_nothing_and_patience_grows(server):
    wait(3)
    server.stop()
    assert "does not answer" in sending.send_waiting()
    first = WaitingMail.objects.first().next_try - timezone.now()
    for _ in range(3):
        patient()
        sending.send_waiting()
    mail = WaitingMail.objects.first()
    assert mail.next_try - timezone.now() > 4 * first
    assert (mail.tries, "does not answer" in mail.error) == (4, True)
    assert states() == {MailState.WAITING: 3}
    server.start()
    assert sending.send_waiting() == "", "it is patient"
    assert held.try_again(WaitingMail.objects.values_list("pk", flat=True)) == 3
    assert sending.send_waiting() == "3 sent"
    assert len(server.got) == 3


def test_refusals_of_an_address_pause_it_until_somebody_resumes_it(server):
    server.handler.refusals["gone@example.org"] = "550 no such user"
    wait(7, to="gone@example.org")
    wait(1, to="otto@example.org", first=8)
    for _ in range(2):
        sending.send_waiting()
    outbox.send("gone@example.org", "Later", "Later", "later")
    sending.send_waiting()
    assert [to for to, _raw in server.got] == ["otto@example.org"]
    assert states()[MailState.PAUSED] >= 1
    assert "550 no such user" in WaitingMail.objects.filter(state=MailState.REFUSED).first().error
    (addressee,) = held.paused()
    assert held.resume(addressee.pk)
    assert not held.resume(addressee.pk)
    server.handler.refusals.clear()
    sending.send_waiting()
    assert "later" in set(WaitingMail.objects.filter(state=MailState.SENT).values_list("key", flat=True))


def test_fifth_refusal_in_a_row_is_the_one_that_counts(server):
    for number in range(9):
        server.handler.refusals["anna@example.org"] = "" if number == 4 else "550 no"
        outbox.send("anna@example.org", "Subject", "Body", f"event {number}")
        sending.send_waiting()
    assert not held.paused()
    assert Addressee.objects.get().refusals == 4


def test_server_that_says_later_is_asked_later_but_not_for_ever(server):
    server.handler.refusals["anna@example.org"] = "451 later"
    outbox.send("anna@example.org", "Subject", "Body", "1")
    assert sending.send_waiting() == "1 put off"
    WaitingMail.objects.update(made=timezone.now() - timedelta(days=4))
    patient()
    assert sending.send_waiting() == "1 refused"


def test_mail_that_expired_is_not_sent(server):
    outbox.send("anna@example.org", "Reset", "token", "1", secret=True, expires=timezone.now() - HOUR)
    assert sending.send_waiting() == "1 dropped"
    assert WaitingMail.objects.get().body == ""
    assert not server.got


def test_writer_writes_when_it_is_sent_and_may_drop_it(server, monkeypatch):
    monkeypatch.setitem(
        outbox.writers, "notices", lambda mail: None if mail.about["n"] == 2 else ("Sub\r\nject", f"Number {mail.about['n']}")
    )
    for number in (1, 2):
        outbox.send_written("anna@example.org", "notices", {"n": number}, f"event {number}")
    assert sending.send_waiting() == "1 sent, 1 dropped"
    message = read(server.got[0][1])
    assert (message["Subject"], message.get_content().strip()) == ("Sub ject", "Number 1")
    assert "<notices." in message["List-Id"]


def test_mail_that_cannot_be_written_keeps_no_other_from_being_sent(server, monkeypatch, caplog):
    def fail(_mail):
        raise KeyError("planted words")

    monkeypatch.setitem(outbox.writers, "broken", fail)
    outbox.send_written("anna@example.org", "broken", {}, "broken")
    wait(2)
    assert sending.send_waiting() == "1 put off, 2 sent"
    assert "planted" not in WaitingMail.objects.get(key="broken").error


def test_senders_killed_before_each_statement_send_each_mail_once_or_twice_under_one_name(server):
    """Of the statements of a sender one marks a mail as sent, so that it is killed between sending and marking too."""
    for step in range(60):
        wait(2, first=10 * step)
        killed = was_killed(in_child(sending.send_waiting, step))
        patient()
        sending.send_waiting()
        assert states() == {MailState.SENT: 2 * (step + 1)}, step
        if not killed:
            break
    else:
        pytest.fail("a sender has more statements than were tried")
    assert step > 8
    ids = Counter(read(raw)["Message-ID"] for _to, raw in server.got)
    assert len(ids) == 2 * (step + 1)
    assert set(ids.values()) == {1, 2}, "some were sent twice, none was lost"


def test_mail_of_a_sender_killed_twice_in_handing_it_over_waits_for_a_person(server):
    wait(1)
    for _ in range(2):
        WaitingMail.objects.update(state=MailState.SENDING, next_try=timezone.now())
        sending.release_lapsed()
    assert states() == {MailState.REFUSED: 1}
    assert "ended twice" in held.unsent()[0].error
    held.try_again([WaitingMail.objects.get().pk])
    assert sending.send_waiting() == "1 sent"


def test_several_senders_killed_at_random_send_all_and_none_more_than_twice(server):
    wait(150)
    dice = random.Random(7)
    while WaitingMail.objects.exclude(state__in=[MailState.SENT, MailState.REFUSED]).exists():
        children = [in_child(sending.send_waiting) for _ in range(3)]
        for child in children:
            time.sleep(dice.random() * 0.15)
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        given_up_leases()
    ids = Counter(read(raw)["Message-ID"] for _to, raw in server.got)
    assert max(ids.values()) <= 2
    unclear = WaitingMail.objects.filter(state=MailState.REFUSED)
    assert {mail.error for mail in unclear} <= {"It may have been sent: the program was ended twice while it handed this mail over."}
    assert len(ids) >= 150 - unclear.count()
    held.try_again(unclear.values_list("pk", flat=True))
    sending.send_waiting()
    assert len({read(raw)["Message-ID"] for _to, raw in server.got}) == 150


def test_two_senders_at_once_send_each_mail_once(server):
    wait(120)
    children = [in_child(sending.send_waiting) for _ in range(3)]
    assert not [child for child in children if was_killed(child)]
    assert Counter(to for to, _raw in server.got) == {f"anna{number}@example.org": 1 for number in range(1, 121)}


def test_what_was_sent_long_ago_is_forgotten_and_what_waits_is_not(server):
    wait(1)
    sending.send_waiting()
    wait(1, first=2)
    WaitingMail.objects.update(made=timezone.now() - timedelta(days=91))
    assert held.forget_old() == 1
    assert states() == {MailState.WAITING: 1}
