import gzip
from threading import Thread

import brotli
import pytest

from cdmportal.page_cache.store import OVERHEAD, CachedResponse, ResponseStore

HTML = [("Content-Type", "text/html; charset=utf-8")]


def entry(size=1000, version=1, headers=HTML, status="200 OK"):
    return CachedResponse(status, headers, b"x" * size, version, made=0.0)


def test_kept_stays_within_its_bytes():
    kept = ResponseStore(100_000)
    for number in range(500):
        kept.put(number, entry(number * 10))
        assert kept.size <= 100_000
    assert kept.get(499) is not None
    assert kept.get(0) is None
    assert kept.size == sum(kept.get(number).size for number in range(500) if kept.get(number))


def test_kept_throws_out_what_was_used_longest_ago():
    kept = ResponseStore(5 * (OVERHEAD + 1000))
    for name in "abcde":
        kept.put(name, entry())
    kept.get("a")
    kept.put("f", entry())
    assert kept.get("a")
    assert kept.get("b") is None


def test_kept_refuses_what_would_push_out_everything():
    kept = ResponseStore(20_000)
    kept.put("small", entry(100))
    assert not kept.put("large", entry(10_000))
    assert kept.get("small")
    assert kept.get("large") is None


def test_kept_of_no_bytes_keeps_nothing():
    kept = ResponseStore(0)
    assert not kept.put("a", entry(0))
    assert len(kept) == 0


def test_kept_replaces_without_counting_twice():
    kept = ResponseStore(100_000)
    for _ in range(50):
        kept.put("a", entry(2000))
    assert kept.size == 2000 + OVERHEAD
    kept.drop("a")
    kept.drop("a")
    assert kept.size == 0


def test_kept_counts_right_under_threads():
    kept = ResponseStore(60_000)

    def work(seed):
        for number in range(400):
            key = (number * seed) % 37
            kept.put(key, entry(number % 3000))
            kept.get((key + 1) % 37)

    threads = [Thread(target=work, args=(seed,)) for seed in (3, 5, 7, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.size == sum(kept.get(key).size for key in range(37) if kept.get(key))
    assert kept.size <= 60_000


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)])
def test_variant_unpacks_to_the_body(coding, unpack):
    made = entry(5000)
    status, headers, body = made.answer(coding, None, False)
    assert status == "200 OK"
    assert unpack(body) == made.body
    assert dict(headers)["Content-Length"] == str(len(body))
    assert dict(headers)["Vary"] == "Accept-Encoding"
    assert dict(headers).get("Content-Encoding", "identity") == coding


def test_variant_is_made_once():
    made = entry(5000)
    first = made.answer("br", None, False)[2]
    assert made.answer("br", None, False)[2] is first
    assert made.size == 5000 + OVERHEAD + len(first)


def test_variant_of_a_picture_is_not_packed():
    made = entry(5000, headers=[("Content-Type", "image/png")])
    _, headers, body = made.answer("br", None, False)
    assert body == made.body
    assert "Vary" not in dict(headers)


def test_variants_have_tags_of_their_own():
    made = entry(5000)
    tags = {dict(made.answer(coding, None, False)[1])["ETag"] for coding in ("br", "gzip", "identity")}
    assert len(tags) == 3


def test_tag_tells_nothing_but_the_bytes():
    tags = {dict(entry(5000, version).answer("br", None, False)[1])["ETag"] for version in range(5)}
    assert len(tags) == 1


def test_answer_to_a_tag_held_already_has_no_body():
    made = entry(5000)
    tag = dict(made.answer("br", None, False)[1])["ETag"]
    status, headers, body = made.answer("br", f'"old", W/{tag}', False)
    assert (status, body) == ("304 Not Modified", b"")
    assert dict(headers)["ETag"] == tag
    assert "Content-Length" not in dict(headers)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "410 Gone"])
def test_answer_other_than_200_is_never_304(status):
    made = entry(5000, status=status)
    got, headers, _ = made.answer("br", "*", False)
    assert got == status
    assert "ETag" not in dict(headers)
