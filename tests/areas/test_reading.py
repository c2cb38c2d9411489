"""What members read is recorded, once in ten minutes; what cannot be recorded is not answered."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from areas import readings
from areas.models import AreaReading
from tests.areas.conftest import paper_of


def read(place, who="reader"):
    return sorted(AreaReading.objects.filter(account=place.people[who]).values_list("act", "what"))


def test_pages_files_prints_and_each_file_of_a_zip_are_recorded_once_in_ten_minutes(place):
    second = paper_of(place.area, place.people["steward"], title="Second", folder="")
    client = place.enter("reader")
    for _time in range(2):
        client.get(place.at())
        client.get(place.at(f"notices/{place.notice.pk}/"))
        client.get(place.at(f"notices/{place.notice.pk}/print/"))
        client.get(place.at(f"files/{place.paper.pk}/"))
        b"".join(client.get(place.at(f"files/{place.paper.pk}/1/")).streaming_content)
        answer = b"".join(client.get(place.at("files/all.zip")).streaming_content)
    assert len(zipfile.ZipFile(io.BytesIO(answer)).namelist()) == 2
    notice, version = f"notice {place.notice.pk}", f"version {place.version.pk}"
    expected = [("page", "area"), ("page", notice), ("print", notice), ("page", f"paper {place.paper.pk}"), ("file", version)]
    assert read(place) == sorted([*expected, ("zip", version), ("zip", f"version {second.pk}")])


def test_head_and_prefetching_are_not_counted_and_prefetching_is_not_answered(place):
    client = place.enter("reader")
    for address in ("", f"files/{place.paper.pk}/1/", "files/all.zip", f"notices/{place.notice.pk}/"):
        assert client.head(place.at(address)).status_code == 200
        for header in ({"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}):
            assert client.get(place.at(address), headers=header).status_code == 503
    assert read(place) == []


def test_ranges_after_the_first_are_not_counted_but_none_goes_unrecorded(place):
    client, address = place.enter("reader"), place.at(f"files/{place.paper.pk}/1/")
    answer = client.get(address, headers={"range": "bytes=4-"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"draft.")
    assert answer["Cache-Control"] == "no-store"
    assert len(read(place)) == 1, "somebody who asks for the end alone is recorded"
    AreaReading.objects.update(slot=1, at=timezone.now() - timedelta(minutes=30))
    list(client.get(address, headers={"range": "bytes=4-"}))
    assert len(read(place)) == 1
    list(client.get(address, headers={"range": "bytes=0-3"}))
    assert len(read(place)) == 2
    assert client.get(address, headers={"range": "bytes=99-"}).status_code == 416


def test_what_cannot_be_recorded_is_not_sent(place, monkeypatch):
    client = place.enter("reader")
    client.raise_request_exception = False

    def refuses(*_args, **_options):
        raise DatabaseError

    monkeypatch.setattr(AreaReading.objects, "bulk_create", refuses)
    for address in ("", f"files/{place.paper.pk}/1/", "files/all.zip"):
        answer = client.get(place.at(address))
        assert answer.status_code >= 500
        assert b"draft" not in b"".join(answer)


def test_stewards_see_all_readings_and_others_their_own(place):
    place.enter("contributor").get(place.at())
    reader = place.enter("reader")
    reader.get(place.at(f"files/{place.paper.pk}/"))
    assert ">contributor<" in place.enter("steward").get(place.at("reading/")).text
    own = reader.get(place.at("reading/")).text
    assert ">reader<" in own
    assert ">contributor<" not in own
    assert "recorded with your name" in own


def test_readings_go_after_twelve_months(place):
    client = place.enter("reader")
    client.get(place.at())
    AreaReading.objects.update(at=timezone.now() - timedelta(days=364))
    assert readings.forget_old() == 0
    AreaReading.objects.update(at=timezone.now() - timedelta(days=366))
    assert readings.forget_old() == 1


@pytest.mark.parametrize("name", ["notice 1", "version 9999"])
def test_reading_of_what_is_gone_is_still_told(place, name):
    AreaReading.objects.create(area=place.area, account=place.people["reader"], what=name, act="page")
    assert place.enter("steward").get(place.at("reading/")).status_code == 200
