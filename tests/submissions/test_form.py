"""The form: what becomes a submission, what comes back, and when."""

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings

from files import private
from mail.models import WaitingMail
from submissions import decisions, receiving, throttle, tickets
from submissions.models import CROCKFORD, FormPost, Submission, SubmittedFile
from tests.calls.conftest import CLOSES, OPENS, live_call
from tests.desk_client import administrator, browser_of
from tests.record import DAY, HOUR, MINUTE, SECOND
from tests.submissions.conftest import TEXT, address, filled, last_secrets, opened, sent, stranger, submitted, ticket_of

pytestmark = pytest.mark.django_db


def pseudonym_of(network, clock):
    return throttle.networks(RequestFactory(REMOTE_ADDR=network).get("/"), clock.now)[0]


def text_file(name="view.txt", content=b"A view of our own."):
    return SimpleUploadedFile(name, content, "text/plain")


def test_good_form_becomes_one_submission_with_a_receipt_and_a_mail(call, clock):
    response = sent(call, clock)
    assert response.status_code == 303
    page = stranger().get(response["Location"])
    submission = Submission.objects.get()
    assert submission.receipt in page.content.decode()
    assert len(submission.receipt) == 10
    assert set(submission.receipt) <= set(CROCKFORD)
    assert submission.text == TEXT
    assert submission.address.email == "amina@example.org"
    assert WaitingMail.objects.count() == 1


def test_neither_form_nor_answer_sets_or_reads_a_cookie(call, clock):
    browser = stranger()
    for response in (browser.get(address(call)), sent(call, clock, browser), sent(call, clock, browser, email="nobody")):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "no-store" in response["Cache-Control"]
        assert response.status_code == 303 or response["Referrer-Policy"] == "same-origin"  # else browsers send `Origin: null`


def test_two_posts_of_one_ticket_are_one_submission_and_lead_to_one_receipt(call, clock):
    ticket = opened(call, clock)
    answers = [stranger().post(address(call), filled(ticket=ticket, text=text)) for text in (TEXT, "Another text.")]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Submission.objects.get().text == TEXT
    assert WaitingMail.objects.count() == 1


def test_receipt_of_a_ticket_is_found_after_the_key_was_replaced(call, clock):
    ticket = opened(call, clock)
    first = stranger().post(address(call), filled(ticket=ticket))
    with override_settings(SECRET_KEY="another key" * 6, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert tickets.page_secret_of(Submission.objects.get()) in first["Location"]


@pytest.mark.parametrize("spoil", [lambda t: "", lambda t: t[:-1], lambda t: t + "x", lambda t: "x" + t, lambda t: t.replace(":", "::")])
def test_forged_ticket_gives_back_the_words_with_a_new_one(call, clock, spoil):
    response = stranger().post(address(call), filled(ticket=spoil(opened(call, clock))))
    assert response.status_code == 422
    assert "We thank the Board." in response.content.decode()
    assert not Submission.objects.exists()
    clock.tick(MINUTE)
    assert stranger().post(address(call), filled(ticket=ticket_of(response))).status_code == 303


def test_ticket_of_another_call_or_another_instance_is_none(call, clock, board):
    other = live_call(board, "other", has_form=True, opens=OPENS + 2 * HOUR)
    clock.set(OPENS + 3 * HOUR)
    ticket = opened(call, clock)
    assert stranger().post(address(other), filled(ticket=ticket)).status_code == 422
    with override_settings(SECRET_KEY="that of another instance" * 3):
        foreign = str(tickets.issue(call.pk, clock.now))
    assert tickets.read(foreign, call.pk, clock.now) is None


def test_form_sent_faster_than_people_type_comes_back_and_goes_through_a_little_later(call, clock):
    ticket = opened(call, clock, wait=3)
    response = stranger().post(address(call), filled(ticket=ticket, files=[text_file()]))
    assert response.status_code == 422
    assert SubmittedFile.objects.get().name == "view.txt"
    clock.tick(2 * SECOND)
    assert stranger().post(address(call), filled(ticket=ticket_of(response))).status_code == 303


def test_form_open_for_more_than_two_days_renews_itself_with_words_and_files(call, clock):
    ticket = opened(call, clock)
    assert stranger().post(address(call), filled(ticket=ticket, email="", files=[text_file()])).status_code == 422
    clock.tick(3 * DAY)
    response = stranger().post(address(call), filled(ticket=ticket))
    assert response.status_code == 422
    assert "We thank the Board." in response.content.decode()
    assert "view.txt" in response.content.decode()
    clock.tick(MINUTE)
    assert stranger().post(address(call), filled(ticket=ticket_of(response))).status_code == 303
    assert Submission.objects.get().files.get().name == "view.txt"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "no address"}, "valid email"),
        ({"email": "Amina <amina@example.org>"}, "valid email"),
        ({"email": "a@example.org, b@example.org"}, "valid email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "one line"),
        ({"email": f"{'a' * 300}@example.org"}, "254"),
        ({"name": "Amina\r\nBcc: b@example.org"}, "one line"),
        ({"name": ""}, "give your name"),
        ({"consent": ""}, "choose whether"),
        ({"sender": "organisation"}, "name of the organisation"),
        ({"text": "x" * 50_001}, "1 characters too long"),
        ({"text": ""}, "write your submission"),
        ({"country": "XX"}, "valid choice"),
    ],
)
def test_refusal_says_what_is_wrong_and_gives_back_every_word(call, clock, changes, said):
    response = sent(call, clock, **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert 'id="problems" tabindex="-1" autofocus' in page
    kept = filled() | changes
    for name in ("name", "email", "text"):
        assert not kept[name] or kept[name].splitlines()[0] in page.replace("&lt;", "<").replace("&gt;", ">")
    assert "aria-invalid" in page
    assert not Submission.objects.exists()


def test_good_files_are_kept_under_the_ticket_and_the_bad_one_is_named(call, clock):
    ticket = opened(call, clock)
    files = [text_file(), text_file("evil.exe"), text_file("empty.txt", b""), text_file("markup.txt", b"<!doctype html><script>")]
    response = stranger().post(address(call), filled(ticket=ticket, files=files))
    page = response.content.decode()
    assert response.status_code == 422
    for name in ("evil.exe", "empty.txt", "markup.txt"):
        assert f"Please choose another file instead of “{name}”" in page
    assert SubmittedFile.objects.get().name == "view.txt"
    assert stranger().post(address(call), filled(ticket=ticket)).status_code == 303
    kept = Submission.objects.get().files.get()
    assert (kept.name, kept.path.read_bytes()) == ("view.txt", b"A view of our own.")


def test_file_that_was_kept_may_be_left_out(call, clock):
    ticket = opened(call, clock)
    stranger().post(address(call), filled(ticket=ticket, email="", files=[text_file()]))
    kept = SubmittedFile.objects.get()
    assert stranger().post(address(call), filled(ticket=ticket, leave_out=str(kept.pk))).status_code == 303
    assert not Submission.objects.get().files.exists()
    assert not (private.root() / kept.place).exists()


def test_sixth_file_and_a_byte_too_many_are_refused(call, clock):
    six = [text_file(f"view-{number}.txt") for number in range(6)]
    response = sent(call, clock, files=six)
    assert "instead of “view-5.txt”" in response.content.decode()
    assert SubmittedFile.objects.count() == 5
    large = SimpleUploadedFile("large.txt", b"a" * 20_000_001)
    response = sent(call, clock, files=[large])
    assert "larger than 20.0 MB" in response.content.decode()


def test_file_alone_is_enough(call, clock):
    assert submitted(call, clock, text="", files=[text_file()]).files.count() == 1


def test_without_room_on_the_disk_the_text_alone_is_taken(call, clock, monkeypatch):
    monkeypatch.setattr("submissions.uploads.KEPT_FREE", 10**18)
    assert "no room for files" in sent(call, clock, files=[text_file()]).content.decode()
    assert submitted(call, clock).text == TEXT


def test_form_of_another_site_is_refused_with_the_words(call, clock):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        response = stranger().post(address(call), filled(ticket=opened(call, clock)), headers=headers)
        assert response.status_code == 403
        assert "We thank the Board." in response.content.decode()
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert stranger().post(address(call), filled(ticket=opened(call, clock)), headers=own).status_code == 303


def test_form_opens_and_closes_with_its_call_and_takes_within_a_quarter_what_was_opened_before(call, clock):
    clock.set(OPENS - SECOND)
    assert "has not opened yet" in stranger().get(address(call)).content.decode()
    clock.set(CLOSES - MINUTE)
    tickets_before = [opened(call, clock, wait=0) for _ in range(2)]
    clock.set(CLOSES + MINUTE)
    page = stranger().get(address(call)).content.decode()
    assert "has closed" in page
    assert "<form method" not in page
    assert stranger().post(address(call), filled(ticket=tickets_before[0])).status_code == 303
    assert not Submission.objects.get().is_late
    clock.set(CLOSES + 15 * MINUTE)
    response = stranger().post(address(call), filled(ticket=tickets_before[1]))
    assert response.status_code == 422
    assert "We thank the Board." in response.content.decode()


def test_ticket_made_after_the_closing_proves_nothing(call, clock):
    clock.set(CLOSES + MINUTE)
    answer = stranger().post(address(call), filled(ticket="none"))
    clock.tick(MINUTE)
    assert stranger().post(address(call), filled(ticket=ticket_of(answer))).status_code == 422
    assert not Submission.objects.exists()


def test_late_ones_are_marked_where_the_call_takes_them(board, clock):
    call = live_call(board, has_form=True, late="mark", late_until=CLOSES + 2 * DAY)
    clock.set(CLOSES + DAY)
    assert submitted(call, clock).is_late
    clock.set(CLOSES + 2 * DAY)
    assert "<form method" not in stranger().get(address(call)).content.decode()


def test_topic_that_has_closed_is_not_taken_and_the_later_one_is(board, clock):
    topics = ["early | Early topic", f"late | Late topic | {CLOSES + 5 * DAY:%Y-%m-%d} 24:00"]
    call = live_call(board, has_form=True, topics=topics)
    clock.set(CLOSES + DAY)
    assert sent(call, clock, topic="early").status_code == 422
    assert sent(call, clock, topic="").status_code == 422
    assert submitted(call, clock, topic="late").topic == "late"


def test_form_has_no_past_and_no_call_without_the_form_has_one(call, clock, board):
    other = live_call(board, "by-mail", opens=OPENS + DAY)
    clock.tick(2 * DAY)
    for method in ("get", "head", "post", "options"):
        assert getattr(stranger(), method)(f"/@2030-03-12{address(call)}").status_code == 404
    assert stranger().get(address(other)).status_code == 404
    assert stranger().get(address(call)).status_code == 200


def test_honeypot_leads_to_the_queue_of_suspects_with_a_receipt(call, clock):
    submission = submitted(call, clock, reference="https://spam.example")
    assert submission.signals == ["honeypot"]
    assert 'autocomplete="off"' in stranger().get(address(call)).content.decode()


def test_sixty_from_one_network_get_through_and_others_are_not_held_up(call, clock):
    rows = [FormPost(network=pseudonym_of("203.0.113.7", clock), at=clock.now, was_accepted=True) for _number in range(59)]
    FormPost.objects.bulk_create(rows)
    assert sent(call, clock, answer="Kyoto!").status_code == 303
    response = sent(call, clock, answer="kyoto", files=[text_file()])
    assert response.status_code == 429
    assert "choose these files again: view.txt" in response.content.decode()
    assert not SubmittedFile.objects.exists()
    assert response["Retry-After"] == "900"
    assert "We thank the Board." in response.content.decode()
    assert sent(call, clock, stranger("198.51.100.9")).status_code == 303
    assert (
        sent(call, clock, Client(headers={"host": "localhost", "X-Forwarded-For": "192.0.2.1"}, REMOTE_ADDR="203.0.113.7")).status_code
        == 429
    )


def test_administrators_set_the_question(call, clock):
    add, ada = "/admin/submissions/plainquestion/add/", browser_of(administrator())
    assert ada.post(add, {"question": "What colour has snow?", "answers": " .!\n"}).status_code == 200
    assert "at least one answer" in ada.post(add, {"question": "What colour has snow?", "answers": " .!\n"}).text
    assert ada.post(add, {"question": "What colour has snow?", "answers": "white\nWeiß."}).status_code == 302
    for number in range(throttle.UNASKED):
        sent(call, clock, email=f"p{number}@example.org")
    asked = sent(call, clock)
    assert asked.status_code == 422
    assert "What colour has snow?" in asked.text
    assert sent(call, clock, answer="kyoto").status_code == 422
    assert sent(call, clock, answer=" WEISS ").status_code == 303


def test_busy_network_is_asked_a_plain_question(call, clock):
    for number in range(5):
        sent(call, clock, email=f"p{number}@example.org")
    assert sent(call, clock).status_code == 422
    assert sent(call, clock, answer="Rome").status_code == 422
    assert sent(call, clock, answer=" KYOTO. ").status_code == 303


def test_stranger_gets_three_mails_a_day_at_most_and_no_word_of_the_sender(call, clock):
    for _number in range(12):
        sent(
            call,
            clock,
            stranger(f"203.0.113.{_number}"),
            email="Victim@example.org",
            name="Buy now",
            text="Buy now at spam.example, please do.",
        )
    mails = list(WaitingMail.objects.all())
    assert len(mails) == 3
    assert all("Buy" not in mail.body + mail.subject and "spam.example" not in mail.body for mail in mails)
    times = sorted(mail.next_try for mail in mails)
    assert times[1] - times[0] >= HOUR
    assert times[2] - times[1] >= HOUR


def test_address_may_be_mended_three_times_until_it_is_confirmed(call, clock):
    page = sent(call, clock, email="amnia@example.org")["Location"]
    first = last_secrets()
    for number in range(3):
        clock.tick(2 * HOUR)
        assert stranger().post(page, {"email": f"amina{number}@example.org"}).status_code == 302
    assert Submission.objects.get().address.email == "amina2@example.org"
    assert stranger().post(page, {"email": "fourth@example.org"}).status_code == 422
    assert stranger().get(f"/public-inputs/confirm/{first['confirm']}/").status_code == 404
    assert stranger().post(f"/public-inputs/confirm/{last_secrets()['confirm']}/").status_code == 200
    assert Submission.objects.get().standing == "received"
    stranger().post(page, {"email": "fifth@example.org"})
    assert Submission.objects.get().address.email == "amina2@example.org"


def test_links_stay_alive_where_no_other_mail_goes_out(call, clock):
    page = sent(call, clock)["Location"]
    for _time in range(2):
        clock.tick(HOUR)
        assert stranger().post(page, {"again": "1"}).status_code == 302
    held = last_secrets()
    assert stranger().post(page, {"again": "1"}).status_code == 429
    assert WaitingMail.objects.filter(body__contains=held["confirm"]).exists()
    assert stranger().post(f"/public-inputs/confirm/{held['confirm']}/").status_code == 200
    assert Submission.objects.get().standing == "received"


def test_mail_asked_for_at_the_moment_of_a_confirmation_does_not_undo_it(call, clock):
    read_before = submitted(call, clock)
    stranger().post(f"/public-inputs/confirm/{last_secrets()['confirm']}/")
    with pytest.raises(decisions.AlreadyDecided):
        receiving.ask_again(read_before, call.title, clock.now, "other@example.org")
    now = Submission.objects.get()
    assert (now.standing, now.address.email, now.mended) == ("received", "amina@example.org", 0)


def test_addresses_mended_in_many_windows_at_once_are_no_more_than_three(call, clock):
    read_before = [Submission.objects.get(pk=pk) for pk in [submitted(call, clock).pk] * 5]
    for number, submission in enumerate(read_before[:3]):
        assert receiving.ask_again(submission, call.title, clock.now, f"window{number}@example.org")
    for submission in read_before[3:]:
        with pytest.raises(decisions.AlreadyDecided):
            receiving.ask_again(submission, call.title, clock.now, "more@example.org")
    assert Submission.objects.get().mended == 3


def test_links_of_mails_change_nothing_when_they_are_opened(call, clock):
    submission = submitted(call, clock)
    secrets = last_secrets()
    for method in ("get", "head", "options"):
        for name, secret in secrets.items():
            getattr(stranger(), method)(f"/public-inputs/{name}/{secret}/")
    submission.refresh_from_db()
    assert submission.standing == "unconfirmed"
    for name, state in (("confirm", "received"), ("withdraw", "withdrawn")):
        stranger().post(f"/public-inputs/{name}/{secrets[name]}/")
        submission.refresh_from_db()
        assert submission.standing == state
    assert submission.text == submission.name == ""


def test_secrets_are_kept_as_hashes_alone(call, clock):
    submission = submitted(call, clock)
    for secret in last_secrets().values():
        assert secret not in (submission.confirm_hash, submission.manage_hash)
        assert tickets.digest(secret) in (submission.confirm_hash, submission.manage_hash)


def test_pdf_with_a_script_is_refused(call, clock):
    pikepdf = pytest.importorskip("pikepdf")
    pdf, written = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.save(written)
    response = sent(call, clock, files=[SimpleUploadedFile("view.pdf", written.getvalue())])
    assert "instead of “view.pdf”" in response.content.decode()


def test_network_of_64_bits_counts_as_one(call, clock):
    first, second, other = (
        throttle.networks(RequestFactory(REMOTE_ADDR=one).get("/"), clock.now)[0]
        for one in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    )
    assert first == second != other


def test_form_says_where_it_stands(call, clock):
    location = stranger().get(address(call)).text.partition('<nav class="location"')[2].partition("</nav>")[0]
    assert f'<a href="{call.path}">{call.title}</a>' in location
    assert location.index(call.title) < location.index("Submit")
