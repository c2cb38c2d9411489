"""Files with versions, comments, notices, mails, copies, and the end of an area."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from icalendar import Calendar

from areas import jobs, memberships, papers
from areas.models import Area, AreaComment, AreaEvent, AreaMails, AreaMembership, AreaNotice, AreaReading, AreaVersion
from files import private
from mail.models import WaitingMail
from mail.sending import text_of
from tests.areas.conftest import paper_of


def upload(name="report.txt", content=b"words"):
    return SimpleUploadedFile(name, content)


def test_contributor_uploads_a_file_and_its_next_version_and_old_ones_stay_as_the_area_says(place):
    client = place.enter("contributor")
    answer = client.post(place.at("files/add/"), {"title": "Report", "folder": "2026", "file": upload(), "zone": "UTC"})
    paper = place.area.files.get(title="Report")
    assert answer["Location"] == place.at(f"files/{paper.pk}/")
    client.post(place.at(f"files/{paper.pk}/add/"), {"file": upload(content=b"new words"), "note": "Corrected", "zone": "UTC"})
    reader = place.enter("reader")
    for number, content in ((1, b"words"), (2, b"new words")):
        assert b"".join(reader.get(place.at(f"files/{paper.pk}/{number}/")).streaming_content) == content
    Area.objects.update(old_versions_stay=False)
    assert reader.get(place.at(f"files/{paper.pk}/1/")).status_code == 404
    assert "Version 1" not in reader.get(place.at(f"files/{paper.pk}/")).text
    assert place.enter("steward").get(place.at(f"files/{paper.pk}/1/")).close() is None


@pytest.mark.parametrize("file", [upload(content=b""), upload("a.exe"), upload("\u202etxt.exe.pdf"), upload("x.pdf", b"MZ")])
def test_refused_file_keeps_what_else_was_typed_and_leaves_nothing(place, file):
    answer = place.enter("contributor").post(place.at("files/add/"), {"title": "Report", "note": "A note", "file": file, "zone": "UTC"})
    assert answer.status_code == 200
    assert 'value="A note"' in answer.text
    assert "choose the file again" in answer.text
    assert AreaVersion.objects.count() == 1
    assert len(list((private.root() / papers.ROOM).iterdir())) == 1


def test_same_bytes_in_two_areas_are_two_files(place):
    twin = paper_of(place.other, place.people["elsewhere"])
    assert (twin.sha256, twin.place != place.version.place) == (place.version.sha256, True)
    close(place.area)
    jobs.delete_areas()
    assert twin.path.exists()
    assert not place.version.path.exists()


def test_contributor_removes_own_files_alone(place):
    own = paper_of(place.area, place.people["contributor"], title="Own").file
    User.objects.filter(username="contributor").update(username="renamed")
    User.objects.filter(username="reader").update(username="contributor")
    place.people["contributor"].refresh_from_db()
    client = place.enter("contributor")
    assert client.post(place.at(f"files/{place.paper.pk}/remove/")).status_code == 403
    client.post(place.at(f"files/{own.pk}/remove/"))
    assert client.get(place.at(f"files/{own.pk}/")).status_code == 404
    assert client.get(place.at(f"files/{own.pk}/1/")).status_code == 404


def test_comment_belongs_to_a_version_keeps_what_it_said_and_is_settled(place):
    client, address = place.enter("contributor"), place.at(f"files/{place.paper.pk}/")
    client.post(address, {"version": place.version.pk, "place": "para 2", "text": "Second remark"})
    remark = AreaComment.objects.get(text="Second remark")
    paper_of(place.area, place.people["steward"], paper=place.paper, comments_until=timezone.now() + timedelta(days=1))
    client.post(place.at(f"comments/{remark.pk}/"), {"place": "para 3", "text": "Better words"})
    page = place.enter("reader").get(address).text
    assert page.index("Version 1") < page.index("Better words")
    assert "Second remark" in page
    assert place.enter("steward").post(place.at(f"comments/{remark.pk}/"), {"text": "x"}).status_code == 403
    place.enter("steward").post(place.at(f"comments/{remark.pk}/settle/"))
    assert "Settled by steward" in place.enter("reader").get(address).text


@pytest.mark.parametrize("fields", [{"text": ""}, {"text": "x" * 10_001}])
def test_refused_comment_comes_back(place, fields):
    sent = {"version": place.version.pk, "place": "para 77"} | fields
    answer = place.enter("contributor").post(place.at(f"files/{place.paper.pk}/"), sent)
    assert answer.status_code == 200
    assert 'value="para 77"' in answer.text


def test_late_comment_is_refused_and_its_words_are_shown(place):
    AreaVersion.objects.update(comments_until=timezone.now())
    client = place.enter("contributor")
    answer = client.post(place.at(f"files/{place.paper.pk}/"), {"version": place.version.pk, "text": "Late words"})
    assert (answer.status_code, "Late words" in answer.text) == (403, True)
    answer = client.post(place.at(f"comments/{place.remark.pk}/"), {"text": "Late change"})
    assert "Late change" in answer.text
    assert "is over" in answer.text


@pytest.mark.parametrize(
    ("due", "zone", "instant"),
    [
        ("2027-07-01T17:00", "Europe/Berlin", datetime(2027, 7, 1, 15, tzinfo=UTC)),
        ("2027-03-28T02:30", "Europe/Berlin", None),
        ("2027-10-31T02:30", "Europe/Berlin", None),
        ("2027-07-01T17:00", "Nowhere/City", None),
        ("2027-07-01T17:00", "../etc/passwd", None),
    ],
)
def test_due_time_is_that_of_its_zone(place, due, zone, instant):
    client = place.enter("steward")
    answer = client.post(place.at("notices/add/"), {"title": "Due", "text": "Kept words", "due": due, "zone": zone})
    assert [notice.due for notice in AreaNotice.objects.filter(title="Due")] == ([instant] if instant else [])
    assert instant or "Kept words" in answer.text
    if instant:
        calendar = Calendar.from_ical(client.get(place.at("dates.ics")).content)
        assert instant in [entry.decoded("dtstart") for entry in calendar.walk("VEVENT")]
        assert "17:00, 1 July 2027 Europe/Berlin" in client.get(place.at()).text


def test_mails_are_bare_at_most_one_an_hour_and_asked_again_when_sent(place):
    Area.objects.update(mails=AreaMails.BARE)
    place.area.refresh_from_db()
    for title in ("Secret one", "Secret two"):
        place.enter("steward").post(place.at("notices/add/"), {"title": title, "zone": "UTC"})
    waiting = {mail.to: mail for mail in WaitingMail.objects.all()}
    assert set(waiting) == {"reader@example.org", "contributor@example.org"}
    text = " ".join(text_of(waiting["reader@example.org"]))
    assert "Log in at" in text
    for word in ("Secret", "Alpha", place.area.key):
        assert word not in text
        assert all(word not in str(vars(mail)) for mail in waiting.values())
    memberships.end(place.area.memberships.get(account=place.people["reader"]), "steward", "left")
    assert text_of(waiting["reader@example.org"]) is None
    place.area.state = "closed"
    place.area.save()
    assert text_of(waiting["contributor@example.org"]) is None


def test_copy_holds_everything_and_is_noted(place):
    answer = place.enter("steward").post(place.at("copy.zip"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = archive.namelist()
    assert {"notices.csv", "comments.csv", "members.csv", "readings.csv"} < set(names)
    assert archive.read(next(name for name in names if name.startswith("Drafts/"))) == b"The draft."
    assert b"A remark." in archive.read("comments.csv")
    assert AreaEvent.objects.filter(what="exported", by="steward").exists()


def test_folder_cannot_lead_out_of_the_zip(place):
    version = paper_of(place.area, place.people["steward"], title="T", folder="../../etc")
    assert papers.name_in_zip(version).startswith("_.._etc/")


def close(area):
    area.state, area.delete_on = "closed", timezone.localdate()
    area.save()


def test_closed_area_is_read_by_stewards_and_deleted_on_its_day(place):
    place.enter("reader").get(place.at())
    close(place.area)
    Area.objects.update(delete_on=timezone.localdate() + timedelta(days=1))
    assert place.enter("reader").get(place.at()).status_code == 404
    assert "will be deleted on" in place.enter("steward").get(place.at()).text
    assert jobs.delete_areas() == ""
    Area.objects.filter(pk=place.area.pk).update(delete_on=timezone.localdate())
    assert jobs.delete_areas() == "1 areas with 1 files"
    assert jobs.delete_areas() == ""
    area = Area.objects.get(pk=place.area.pk)
    assert (area.state, area.purpose) == ("deleted", "")
    assert not AreaVersion.objects.exists()
    assert not AreaComment.objects.exists()
    for model in (AreaNotice, AreaMembership, AreaReading):
        assert not model.objects.filter(area=area).exists()
    assert not place.version.path.exists()
    assert area.events.filter(what="deleted").exists()
    assert place.enter("steward").get(place.at()).status_code == 404


@pytest.mark.parametrize(("due", "zone"), [("0001-01-01T00:00", "Asia/Tokyo"), ("9999-12-31T23:59", "America/New_York")])
def test_time_that_no_clock_in_utc_shows_is_refused_in_words_and_the_notice_stays(place, due, zone):
    answer = place.enter("steward").post(place.at("notices/add/"), {"title": "Call", "text": "Typed.", "due": due, "zone": zone})
    assert answer.status_code == 200
    assert "Enter a valid date/time." in answer.text
    assert "Typed." in answer.text
