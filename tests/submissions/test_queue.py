"""The desk's queue: rights by call, groups, decisions, publication, withdrawal at the same time."""

import io
import zipfile
from statistics import median
from time import perf_counter

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calls.models import PublishedSubmission, PublishedSubmissionEdition
from mail.models import WaitingMail
from submissions import decisions, likeness, publication, queue
from submissions.models import AddressLook, SenderAddress, StandingChange, Submission, SubmissionOpening
from tests.calls.conftest import OPENS, live_call
from tests.desk_client import administrator, author, browser_of, publisher
from tests.record import HOUR
from tests.submissions.conftest import TEXT, confirmed, last_secrets, sent, stranger, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/submissions/submission/"
LETTER = (
    "Dear Board, we write to you from our village about the draft. The baseline of small wind farms should follow the grid, "
    "since it changes each year and no two provinces burn the same coal. Please let the factor be computed from what its operators "
    "have published, with the data of three years at least, and let project participants choose between the two forms."
)
QUOTED = "“The emission factor is the mean of the operating margin and the build margin, weighted as the tool says.”"


def one(submission):
    return f"{QUEUE}{submission.pk}/"


def decided(user, submission, what, **fields):
    return browser_of(user).post(one(submission), {"do": what, "passages": "", "redaction_reason": "", "reason": ""} | fields)


def made(call, number, text, clock):
    """A confirmed submission, made without the form."""
    row = Submission.objects.create(
        call_id=call.pk,
        nonce=f"{number:032x}",
        page_hash=f"{number:064x}",
        confirm_until=clock.now,
        received=clock.now,
        sender="individual",
        name=f"Person {number}",
        text=text,
        consent="named",
        consent_version="1",
        digest=likeness.digest_of(text),
        sketch=likeness.sketch_of(text),
    )
    SenderAddress.objects.create(submission=row, email=f"p{number}@example.org")
    decisions.change(row, "unconfirmed")
    row.letter = decisions.letter_of(row)
    decisions.change(row, "received")
    return row


def test_moderator_of_a_call_reads_nothing_of_another(call, clock, board):
    submission = confirmed(call, clock)
    other = live_call(board, "other", has_form=True, opens=OPENS)
    moderator, stranger_at_desk = author("mona", call), author("otto", other)
    assert TEXT[:40] in browser_of(moderator).get(one(submission)).content.decode()
    for address in (one(submission), f"{QUEUE}call/{call.pk}/"):
        for answer in (browser_of(stranger_at_desk).get(address), browser_of(author("nora" + address[-2])).get(address)):
            assert answer.status_code == 403
    assert decided(stranger_at_desk, submission, "publish").status_code == 403
    assert "Drafts" not in browser_of(stranger_at_desk).get(QUEUE).content.decode().partition("<h1>")[2]


def test_address_is_seen_on_a_recorded_click_alone_by_administrators_too(call, clock):
    submission = confirmed(call, clock)
    ada = administrator()
    for address in (QUEUE, f"{QUEUE}call/{call.pk}/", one(submission), "/admin/", "/admin/recent/", "/admin/upkeep/"):
        assert "amina@" not in browser_of(ada).get(address).content.decode(), address
    assert not AddressLook.objects.exists()
    assert "amina@example.org" in browser_of(ada).post(f"{one(submission)}address/").content.decode()
    assert [(look.by, look.submission) for look in AddressLook.objects.all()] == [(ada, submission)]


def test_unconfirmed_submissions_are_counted_and_not_read(call, clock):
    submission = submitted(call, clock)
    browser = browser_of(publisher())
    assert browser.get(one(submission)).status_code == 404
    page = browser.get(f"{QUEUE}call/{call.pk}/").content.decode()
    assert "1 waits for the confirmation" in page
    assert TEXT[:30] not in page


def test_suspects_stand_apart_with_the_reason(call, clock):
    confirmed(call, clock, reference="x")
    page = browser_of(publisher()).get(f"{QUEUE}call/{call.pk}/").content.decode()
    assert "honeypot" in page.partition("Suspects")[2]
    assert "Nothing waits to be read." in page


def test_equal_and_nearly_equal_letters_are_two_groups_and_those_that_quote_the_same_stay_single(call, clock):
    for number in range(200):
        made(call, number, LETTER, clock)
    for number in range(200, 240):
        made(
            call,
            number,
            f"Honoured members, I am farmer {number} of {number * 7} hectares. {LETTER.partition('. ')[2]} Farmer {number}",
            clock,
        )
    own = ["solar pumps", "cook stoves in cities", "the losses of long lines", "hydro power in dry years", "landfill gas"]
    for number, subject in enumerate(own, 240):
        made(
            call,
            number,
            f"On {subject} we say that {subject} differ. {QUOTED} So {subject} need a tool of their own, as {subject} always did.",
            clock,
        )
    groups = queue.grouped(queue.waiting(call.pk))
    assert [(len(group.rows), group.is_same) for group in groups] == [(200, True), (40, False), *[(1, True)] * 5]


def test_group_is_decided_once_after_one_was_opened_and_what_nobody_opened_is_asked_about(call, clock):
    same = [made(call, number, LETTER, clock) for number in range(3)]
    other = made(call, 9, "Something else entirely, of which nobody has read a word so far.", clock)
    browser, many = browser_of(publisher()), f"{QUEUE}call/{call.pk}/decide/"
    browser.get(one(same[0]))
    assert SubmissionOpening.objects.count() == 1
    page = browser.post(many, {"group": same[0].pk}).content.decode()
    assert "3 submissions are chosen" in page
    assert "Nobody has opened" not in page
    chosen = {"submission": [row.pk for row in [*same, other]]}
    page = browser.post(many, chosen).content.decode()
    assert "Nobody has opened 1 of them" in page
    assert not PublishedSubmission.objects.exists()
    assert browser.post(many, chosen | {"do": "publish"}).status_code == 302
    assert sorted(PublishedSubmission.objects.values_list("submission_number", flat=True)) == [1, 2, 3, 4]
    assert set(Submission.objects.values_list("standing", flat=True)) == {"published"}


def test_published_copy_holds_no_address_and_not_what_was_taken_out(call, clock):
    submission = confirmed(call, clock, text="Call me at 0800 123 456.\n- Not a list\n1. Nor this <b>one</b>")
    answer = decided(publisher(), submission, "publish", passages="0800 123 456", redaction_reason="A telephone number.")
    assert answer.status_code == 302, answer.content.decode()
    page = Client(headers={"host": "localhost"}).get(f"{call.path}submissions/1/").content.decode()
    assert "Call me at […]." in page
    assert "0800" not in page
    assert "amina@" not in page
    assert "A telephone number." in page
    assert "- Not a list" in page
    assert "1. Nor this &lt;b&gt;one&lt;/b&gt;" in page
    assert WaitingMail.objects.filter(key__endswith=" published").count() == 1


def test_submission_that_was_opened_in_two_windows_at_once_opens_again(call, clock):
    submission, user = confirmed(call, clock), publisher()
    for _window in range(2):
        SubmissionOpening.objects.create(submission=submission, by=user)
    assert browser_of(user).get(one(submission)).status_code == 200
    assert SubmissionOpening.objects.count() == 2


def test_passages_that_overlap_leave_no_end_of_one_of_them():
    cut = publication.redacted("Ask Amina Okoye of 12 High Street, or Amina.", ["Amina Okoye of 12", "Okoye of 12 High Street", "Amina"])
    assert cut == "Ask […], or […]."
    assert publication.redacted("aXaXa b", ["aXa"]) == "[…] b"
    assert publication.redacted("one two", ["one ", "two"]) == "[…][…]"


def test_words_that_are_not_in_the_text_are_not_taken_out_in_silence(call, clock):
    submission = confirmed(call, clock)
    answer = decided(publisher(), submission, "publish", passages="no such words", redaction_reason="x")
    assert answer.status_code == 409
    assert "no such words" in answer.content.decode()
    assert not PublishedSubmission.objects.exists()


@pytest.mark.parametrize("how", ["consent", "desk"])
def test_name_withheld_is_nowhere_in_the_record(call, clock, how):
    submission = confirmed(call, clock, consent="nameless" if how == "consent" else "named", organisation="Okoye Farms")
    decided(publisher(), submission, "publish", **({"is_anonymised": "on"} if how == "desk" else {}))
    edition = PublishedSubmissionEdition.objects.get()
    assert "Okoye" not in str(edition.content())
    assert edition.is_withheld


def test_what_is_not_for_publication_is_read_and_never_published(call, clock):
    submission, paul = confirmed(call, clock, consent="unpublished"), publisher()
    assert decided(paul, submission, "publish").status_code == 409
    assert decided(paul, submission, "accept").status_code == 302
    submission.refresh_from_db()
    assert submission.standing == "accepted"
    assert not PublishedSubmission.objects.exists()


def test_refusal_needs_a_reason_which_mail_and_page_tell(call, clock):
    submission, paul = confirmed(call, clock), publisher()
    assert decided(paul, submission, "refuse").status_code == 409
    assert decided(paul, submission, "refuse", reason="It is about another call.").status_code == 302
    assert "It is about another call." in WaitingMail.objects.get(key__endswith=" refused").body
    manage = stranger().get(f"/public-inputs/withdraw/{last_secrets()['withdraw']}/").content.decode()
    assert "It is about another call." in manage


def test_numbers_have_no_gap_when_a_publication_fails(call, clock):
    first, second = (confirmed(call, clock, email=f"p{number}@example.org", text=f"View {number}") for number in range(2))
    stranger().post(f"/public-inputs/withdraw/{last_secrets()['withdraw']}/")
    paul = publisher()
    assert decided(paul, second, "publish").status_code == 409
    assert decided(paul, first, "publish").status_code == 302
    assert PublishedSubmission.objects.get().submission_number == 1


def test_of_a_publication_and_a_withdrawal_one_wins_and_the_other_is_told(call, clock):
    submission = confirmed(call, clock)
    secret = last_secrets()["withdraw"]
    decisions.withdraw(submission.pk)
    answer = decided(publisher(), submission, "publish")
    assert answer.status_code == 409
    assert "withdrawn by now" in answer.content.decode()
    assert not PublishedSubmission.objects.exists()
    with pytest.raises(decisions.AlreadyDecided):
        decisions.withdraw(submission.pk)
    assert stranger().get(f"/public-inputs/withdraw/{secret}/").status_code == 404


def test_withdrawn_after_publication_it_is_gone_at_every_moment_and_still_counts(call, clock):
    submission = confirmed(call, clock)
    decided(publisher(), submission, "publish")
    clock.tick(HOUR)
    before = f"/@{clock.now:%Y-%m-%dT%H:%M}"
    clock.tick(HOUR)
    visitor, address = Client(headers={"host": "localhost"}), f"{call.path}submissions/1/"
    assert visitor.get(before + address).status_code == 200
    assert stranger().post(f"/public-inputs/withdraw/{last_secrets()['withdraw']}/").status_code == 200
    for prefix in ("", before):
        answer = visitor.get(prefix + address)
        assert answer.status_code == 451
        assert "small wind farms" not in answer.content.decode()
    assert "1 submission was published" in visitor.get(call.path).content.decode()
    submission.refresh_from_db()
    assert (submission.name, submission.text, submission.public_number) == ("", "", 1)


def test_pdf_is_published_rewritten_under_a_name_that_tells_nothing(call, clock):
    pdf, written = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    with pdf.open_metadata() as meta:
        meta["dc:creator"] = ["Amina Secret"]
    pdf.docinfo["/Author"] = "Amina Secret"
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T="Amina Secret", Contents="note")
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([note]))
    pdf.save(written, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"Amina Secret" in written.getvalue()
    submission = confirmed(call, clock, files=[SimpleUploadedFile("okoye-views.pdf", written.getvalue())])
    answer = decided(publisher(), submission, "publish", public_file=[str(submission.files.get().pk)])
    assert answer.status_code == 302, answer.content.decode()
    stored = PublishedSubmissionEdition.objects.get().file_1
    assert stored.name == "drafts-submission-1.pdf"
    with pikepdf.open(stored.path) as copy:
        assert len(copy.pages) == 1
        texts = " ".join(str(value) for value in copy.objects)
    assert "Amina" not in texts
    assert b"Amina" not in stored.path.read_bytes()
    assert "okoye" not in Client(headers={"host": "localhost"}).get(f"{call.path}submissions/1/").content.decode()


def test_each_change_of_state_is_a_row_that_says_who(call, clock):
    submission = confirmed(call, clock)
    paul = publisher()
    decided(paul, submission, "spam")
    decided(paul, submission, "back")
    decided(paul, submission, "accept")
    changes = [(change.after, change.by) for change in StandingChange.objects.filter(submission=submission)]
    assert changes == [("unconfirmed", None), ("received", None), ("spam", paul), ("received", paul), ("accepted", paul)]


def test_after_a_decision_the_next_stands_there(call, clock):
    rows = [made(call, number, f"View number {number}, not like any other view at all, {number}.", clock) for number in range(3)]
    paul = publisher()
    assert decided(paul, rows[0], "accept")["Location"] == one(rows[1])
    assert decided(paul, rows[1], "accept")["Location"] == one(rows[2])
    assert decided(paul, rows[2], "accept")["Location"] == f"{QUEUE}call/{call.pk}/"
    assert timezone.now() < clock.now + HOUR


def test_nothing_that_is_not_published_is_at_a_public_address(call, clock):
    text = "Kanarienvogel speaks of small wind farms."
    confirmed(call, clock, name="Kanarienvogel Okoye", organisation="Kanarienvogel", text=text, email="kanarienvogel@example.org")
    visitor = Client(headers={"host": "localhost"})
    lists = ("/public-inputs/", "/public-inputs/?format=csv", "/sitemap.xml", "/search/?q=kanarienvogel&format=json", "/llms.txt")
    own = ("", "?format=csv", "?format=json", "index.md", "submissions/1/", "history/", "timemap/")
    for address in (*lists, *(call.path + part for part in own)):
        answer = visitor.get(address)
        said = b"".join(answer) if answer.streaming else answer.content
        assert b"anarienvogel" not in said.replace(b"q=kanarienvogel", b"").replace(b'"kanarienvogel"', b""), address


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[x](javascript:alert(1))"])
def test_what_strangers_type_runs_nowhere(call, clock, payload):
    refused = sent(call, clock, name=payload, text=payload, organisation=payload, email=payload).content.decode()
    submission = confirmed(call, clock, name=payload, text=payload, organisation=payload)
    paul = browser_of(publisher())
    desk = [paul.get(address).content.decode() for address in (f"{QUEUE}call/{call.pk}/", one(submission))]
    paul.post(one(submission), {"do": "publish", "passages": ""})
    public = Client(headers={"host": "localhost"}).get(f"{call.path}submissions/1/").content.decode()
    for page in (refused, *desk, public):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


@pytest.mark.parametrize("what", ["accept", "spam", "refuse"])
def test_what_was_typed_and_ticked_is_kept_with_a_decision(call, clock, what):
    submission = confirmed(call, clock, files=[SimpleUploadedFile("views.pdf", blank_pdf())])
    ticked = {"public_file": [str(submission.files.get().pk)], "is_anonymised": "on"}
    typed = {"passages": "small wind farms", "redaction_reason": "Names a place.", "reason": "It is about another call."}
    assert decided(publisher(), submission, what, **ticked, **typed).status_code == 302
    submission.refresh_from_db()
    assert (submission.redactions, submission.redaction_reason, submission.is_anonymised) == (["small wind farms"], "Names a place.", True)
    assert submission.files.get().goes_public


@pytest.mark.parametrize("what", ["accept", "spam", "refuse", "publish", "keep"])
def test_what_was_typed_and_ticked_comes_back_with_an_error(call, clock, what):
    submission = confirmed(call, clock, files=[SimpleUploadedFile("views.pdf", blank_pdf())])
    ticked = {"public_file": [str(submission.files.get().pk)], "is_anonymised": "on"}
    answer = decided(publisher(), submission, what, passages="words not there", redaction_reason="Why so.", reason="A reason.", **ticked)
    assert answer.status_code == 409
    for kept in ("words not there", "Why so.", "A reason."):
        assert kept in answer.text
    assert answer.text.count(" checked") == 2
    submission.refresh_from_db()
    assert submission.standing == "received"


def blank_pdf():
    pdf, written = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(written)
    return written.getvalue()


@pytest.mark.clock
def test_the_next_of_two_hundred_stands_there_quickly(call, clock):
    """Bar: 150 ms from the key of a decision to the page of the next, in the median of twenty."""
    rows = [made(call, number, f"{LETTER} View {number}: {number * 7919}.", clock) for number in range(200)]
    browser, times = browser_of(publisher()), []
    address = one(rows[0])
    for _decision in range(20):
        browser.get(address)
        start = perf_counter()
        address = browser.post(address, {"do": "accept", "passages": "", "redaction_reason": "", "reason": ""})["Location"]
        assert browser.get(address).status_code == 200
        times.append(1000 * (perf_counter() - start))
    print(f"From a decision to the next, median of 20, ms: {median(times):.0f}")
    assert median(times) <= 150


DOCX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>",
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>First, of Zürich.</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>Struck out.</w:delText></w:r></w:del>"
    "<w:r><w:t>Second.</w:t></w:r></w:p></w:body></w:document>",
}
ODT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:tracked-changes><text:changed-region>'
    "<text:deletion><text:p>Struck out.</text:p></text:deletion></text:changed-region></text:tracked-changes><text:h>First, of"
    "<text:s/>Zürich.</text:h><text:list><text:list-item><text:p>Sec<text:span>ond</text:span>.<office:annotation><text:p>Struck out."
    "</text:p></office:annotation></text:p></text:list-item></text:list></office:text></office:body></office:document-content>",
    "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
}


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("view.docx", packed(DOCX)),
        ("view.odt", packed(ODT)),
        ("view.txt", "\ufeffFirst, of Zürich.\r\nSecond.\r\n".encode()),
    ],
)
def test_text_of_a_file_is_taken_in_read_shortened_and_published(call, clock, name, content):
    submission, paul = confirmed(call, clock, files=[SimpleUploadedFile(name, content)]), publisher()
    file = submission.files.get()
    answer = decided(paul, submission, "", take_in=str(file.pk), passages="small wind farms", redaction_reason="A place.")
    assert answer["Location"] == one(submission)
    submission.refresh_from_db()
    assert submission.text == f"{TEXT}\n\nFirst, of Zürich.\nSecond."
    assert submission.redactions == ["small wind farms"], "what was typed is kept"
    assert "is in the submission already" in decided(paul, submission, "", take_in=str(file.pk)).text
    taken_out = {"passages": "Zürich", "redaction_reason": "A place."}
    assert decided(paul, submission, "publish", **taken_out).status_code == 302
    page = stranger().get(f"{call.path}submissions/1/").text
    assert "First, of […]." in page
    assert "Zürich" not in page
    assert "Struck out" not in page


def test_file_without_words_or_too_long_is_told_and_changes_nothing(call, clock):
    files = [SimpleUploadedFile("blank.txt", b"  \n "), SimpleUploadedFile("long.txt", b"words " * 9000)]
    submission, paul = confirmed(call, clock, files=files), publisher()
    for file, said in zip(submission.files.order_by("pk"), ("has no words", "would be too long"), strict=True):
        answer = decided(paul, submission, "", take_in=str(file.pk), reason="Typed words.")
        assert answer.status_code == 409
        assert said in answer.text
        assert "Typed words." in answer.text
    submission.refresh_from_db()
    assert submission.text == TEXT
    assert decided(paul, submission, "", take_in="99").status_code == 404
