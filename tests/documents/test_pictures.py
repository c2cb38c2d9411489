"""Pictures: what their form demands, where their bytes are served, how texts show them, and what the past keeps of them."""

import re

import pytest
from django.core.exceptions import ValidationError

from documents.models import PictureEdition
from documents.pictures import drawing
from files.models import PictureSize
from publishing.ledger import erase, publish, withdraw
from tests.documents.conftest import kept
from tests.documents.picturing import drawn, live_picture, new_picture
from tests.record import MINUTE, live_page

pytestmark = pytest.mark.django_db


def faults(**fields):
    with pytest.raises(ValidationError) as refused:
        new_picture(**fields)
    return refused.value.message_dict


def sources(html):
    return re.findall(r'(?:srcset|src)="([^"]*)"', html)


def body_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def status(client, address):
    response = client.get(address)
    if response.streaming:
        list(response.streaming_content)  # to the end, where the file is closed
    return response.status_code


@pytest.mark.parametrize(
    "words",
    [
        "IMG_2031",
        "chart",
        "chart.png",
        "Issuance by year",
        "issuance-by-year",
        "Image of a chart",
        "picture of bars",
        "a photo of bars",
        "bars.jpg",
    ],
)
def test_words_that_tell_nothing_are_refused(words):
    assert set(faults(alternative=words, title="Issuance by year")) == {"alternative"}


def test_words_or_decorative_is_demanded_and_never_both():
    assert set(faults(alternative="")) == {"alternative"}
    assert set(faults(alternative="Bars", is_decorative=True)) == {"alternative"}
    assert new_picture(alternative="", is_decorative=True).words == ""


def test_size_is_read_from_the_file(clock):
    picture = new_picture(drawn(70, 30, form="JPEG"), "a.jpg")
    assert (picture.width, picture.height, picture.shape) == (70, 30, "landscape")
    assert (new_picture(drawn(30, 31, form="WEBP"), "a.webp").height) == 31
    assert set(faults(data=b"words\n", name="notes.txt")) == {"file"}


def test_same_name_or_same_bytes_are_two_pictures(clock):
    one, other, twin = live_picture(), live_picture(drawn(colour="red")), live_picture()
    assert one.file.name == other.file.name == twin.file.name
    assert one.file.sha256 == twin.file.sha256 != other.file.sha256


def test_page_tells_all_and_names_what_shows_the_picture(client, clock):
    picture = live_picture(slug="issuance", summary="Issuance <b>by</b> year", credit="Drawn by A. Person", body="Long *words*.")
    live_page("ccs", body="Before.\n\n![](/pictures/issuance/)\n\nAfter.")
    html = client.get("/pictures/issuance/").content.decode()
    assert "Issuance &lt;b&gt;by&lt;/b&gt; year" in html
    assert "Drawn by A. Person" in html
    assert "<em>words</em>" in html
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in html
    assert 'href="/ccs/">Ccs</a>' in html
    assert picture.title in client.get("/pictures/").content.decode()
    source = client.get("/pictures/issuance/index.md").content.decode()
    assert "](/pictures/issuance/)" in source
    assert "Long *words*." in source


def test_text_shows_its_picture_with_sizes_alone_in_its_paragraph_as_a_figure(client, clock):
    picture = live_picture(drawn(1200, 600), slug="wide", summary="Caption", credit="Credit", with_sizes=True)
    live_page("about", body='![Own words](/pictures/wide/ "Here")\n\nIn ![](/pictures/wide/#decorative) line, ![](/pictures/wide/).')
    html = client.get("/about/").content.decode()
    figure = re.search(r'<figure class="picture">.*?</figure>', html)[0]
    start = f"/pictures/wide/{picture.file.sha256[:12]}/"
    assert re.search(rf'<source type="image/avif" srcset="{start}480.avif 480w, {start}960.avif 960w, [^"]*"', figure)
    assert re.search(rf'<img src="{start}1200\.(png|jpg)" width="1200" height="600" alt="Own words">', figure)
    assert '<figcaption>Here <a class="credit" href="/pictures/wide/">Credit</a></figcaption>' in figure
    within = html[html.index("</figure>") :]
    assert "<figure" not in within
    assert 'alt="" loading="lazy"' in within
    assert f'alt="{picture.alternative}" loading="lazy"' in within
    for address in sources(figure):
        for one in address.split(", "):
            assert status(client, one.split(" ")[0]) == 200


def test_width_is_chosen_by_a_mark_of_the_address(client, clock):
    live_picture(slug="chart")
    live_page("about", body="![](/pictures/chart/#half)\n\n![](/pictures/chart/#wide,decorative)\n\n![](/pictures/chart/#other)")
    found = re.findall(r'<figure class="([^"]*)">.*?alt="([^"]*)"', client.get("/about/").content.decode())
    assert [classes for classes, _alt in found] == ["picture half", "picture wide", "picture"]
    assert found[1][1] == ""


def test_picture_that_is_not_live_is_its_words(client, clock):
    new_picture(slug="draft-only")
    live_page("about", body="Before ![words & more](/pictures/draft-only/) after.\n\n![](/about/)\n\n![outside](/documents/x/1/a.png)")
    html = client.get("/about/").content.decode()
    assert "Before words &amp; more after." in html
    assert "<picture" not in html
    assert ' src="/documents/x/1/a.png"' in html


def test_feeds_show_pictures_at_whole_addresses(client, clock, settings):
    from tests.news.conftest import live_item

    picture = live_picture(slug="chart", with_sizes=True)
    live_item(body="![](/pictures/chart/)")
    for address in ("/news/feed/json/", "/@2030-03-10T17:07/news/feed/json/"):
        html = client.get(address).json()["items"][0]["content_html"]
        assert {source.split(" ")[0] for source in sources(html)} >= {
            f"{settings.SITE_ADDRESS}/pictures/chart/{picture.file.sha256[:12]}/1200.png"
        }


def test_replaced_picture_shows_at_once_and_the_past_keeps_the_old_bytes(client, clock):
    picture = live_picture(slug="chart", with_sizes=True)
    live_page("about", body="![](/pictures/chart/)")
    before, old = clock.now, sources(re.search(r"<picture>.*?</picture>", client.get("/about/").content.decode())[0])
    old_bytes = body_of(client, old[-1])
    clock.tick(MINUTE)
    picture.file = kept("chart.png", drawn(colour="navy"))
    picture.save()
    publish([picture])
    new = sources(re.search(r"<picture>.*?</picture>", client.get("/about/").content.decode())[0])
    assert old[-1] not in new
    assert body_of(client, new[-1]) == picture.file.path.read_bytes()
    past = client.get(f"/@{before:%Y-%m-%dT%H:%M:%S}/about/").content.decode()
    assert sources(re.search(r"<picture>.*?</picture>", past)[0]) == old
    assert body_of(client, old[-1]) == old_bytes


def test_bytes_are_served_of_what_is_or_was_public_and_of_nothing_else(client, clock):
    picture = new_picture(slug="chart", with_sizes=True)
    start = f"/pictures/chart/{picture.file.sha256[:12]}/"
    names = ["480.webp", "64.avif", "1200.png", "chart.png"]
    assert [status(client, start + name) for name in names] == [404] * 4
    publish([picture], live_from=clock.now + MINUTE)
    assert status(client, start + "chart.png") == 404
    clock.tick(2 * MINUTE)
    response = client.get(start + "64.avif")
    assert response.headers["Content-Type"] == "image/avif"
    assert response.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    list(response.streaming_content)
    assert client.get(start + "64.avif", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert status(client, start + "other.png") == 404
    assert status(client, "/pictures/chart/000000000000/64.avif") == 404
    assert status(client, f"/pictures/other/{picture.file.sha256[:12]}/64.avif") == 404
    withdraw(picture, "No more")
    assert status(client, start + "64.avif") == 200  # pages of the past show it
    assert status(client, "/pictures/chart/") == 410


def test_while_a_size_is_missing_the_picture_itself_is_served_and_not_for_long(client, clock):
    picture = live_picture(slug="chart")
    response = client.get(f"/pictures/chart/{picture.file.sha256[:12]}/480.avif")
    assert b"".join(response.streaming_content) == picture.file.path.read_bytes()
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not PictureSize.objects.exists()


def test_erased_picture_is_gone_with_all_its_sizes(client, clock, django_capture_on_commit_callbacks):
    picture, twin = live_picture(slug="chart", with_sizes=True), live_picture(drawn(colour="red"), slug="twin", with_sizes=True)
    other = live_picture(drawn(colour="red"), slug="other")
    start = f"/pictures/chart/{picture.file.sha256[:12]}/"
    paths = [picture.file.path, *(size.file.path for size in PictureSize.objects.filter(original=picture.file.sha256))]
    assert len(paths) > 4
    with django_capture_on_commit_callbacks(execute=True):
        erase(PictureEdition.objects.get(thing=picture.pk), "court order")
        erase(PictureEdition.objects.get(thing=twin.pk), "court order")
    assert not any(path.exists() for path in paths)
    assert [status(client, start + name) for name in ("1200.png", "64.avif", "chart.png")] == [451] * 3
    assert status(client, "/pictures/chart/") == 451
    assert status(client, f"/pictures/twin/{twin.file.sha256[:12]}/64.avif") == 451
    assert status(client, f"/pictures/other/{other.file.sha256[:12]}/64.avif") == 200


def test_address_of_a_draft_is_signed_and_expires(client, clock, monkeypatch):
    picture = new_picture()
    address = f"/pictures/draft/{drawing.signed(picture.file)}/"
    response = client.get(address)
    assert b"".join(response.streaming_content) == picture.file.path.read_bytes()
    assert response.headers["Cache-Control"] == "private, no-store"
    assert client.get(address.replace("draft/", "draft/x")).status_code == 404
    monkeypatch.setattr(drawing, "SECONDS", -1)
    assert status(client, address) == 404
