"""Import by upload on a real server, in a process of its own: readers see one release or the next, a killed process says so."""

import re
import threading
import time
from contextlib import suppress
from io import BytesIO

import psutil
import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.registry.made import folder_of
from tests.wire import Browser

pytestmark = pytest.mark.clock

ROWS = 3000
SECONDS = 90
PROJECTS = "/projects/?q=wave"


def upload(browser, folder, as_of):
    """The address of the run that begins with the files of a folder."""
    form = browser.get("/admin/registry/importrun/add/")
    files = [named(path) for path in sorted(folder.iterdir())]
    token = form.forms()[-1].fields["csrfmiddlewaretoken"]
    body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token, "as_of": as_of, "note": "", "files": files})
    answer = browser.ask("POST", form.address, body, **{"Content-Type": MULTIPART_CONTENT, "Referer": form.address})
    assert answer.status == 302, answer.text
    return answer.headers["Location"]


def named(path):
    file = BytesIO(path.read_bytes())
    file.name = path.name
    return file


def until(browser, address, words):
    """The page of a run as soon as it says one of the words."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        text = browser.get(address).text
        if any(f"State: {word}" in text for word in words):
            return text
        time.sleep(0.1)
    raise AssertionError(text)


def activities(tmp_path, name, title):
    rows = [{"project_ref": str(n), "unique_id": f"K{n}", "title": f"{title} wave {n}"} for n in range(1, ROWS + 1)]
    return folder_of(tmp_path / name, rows)


class ListReader(threading.Thread):
    """Reads the list until told to stop; keeps what each answer says of the titles, and its status."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.browser, self.seen, self.done = Browser(server.address), [], threading.Event()

    def run(self):
        while not self.done.wait(0.05):
            answer = self.browser.get(PROJECTS)
            self.seen.append((answer.status, frozenset(re.findall(r">(\w+) wave \d+<", answer.text))))


@pytest.mark.parametrize("server", [{"workers": 2}], indirect=True)
def test_readers_and_editors_during_imports(server, tmp_path):
    editor = Browser(server.address, timeout=40).log_in("editor", "a long password here")
    for name, title, as_of in (("one", "First", "2023-11-03"), ("two", "Second", "2023-12-03")):
        reader = ListReader(server)
        reader.start()
        run = upload(editor, activities(tmp_path, name, title), as_of)
        saved = editor.send(editor.get("/admin/pages/page/2/change/"), title="About CDM", body=f"Saved during {title}.")
        assert saved.status == 302
        checked = until(editor, run, ["checked", "refused", "broke"])
        assert f"{ROWS}" in checked
        assert editor.send(editor.get(run), publish="1").status == 302
        until(editor, run, ["published"])
        time.sleep(0.3)
        reader.done.set()
        reader.join(20)
        assert {status for status, _titles in reader.seen} == {200}
        assert all(len(titles) <= 1 for _status, titles in reader.seen), "no page has rows of two releases"
        assert reader.seen[-1][1] == {title}
    assert "Saved during Second." in editor.get("/admin/pages/page/2/change/").text


def test_killed_process_publishes_nothing_and_the_page_says_so(server, tmp_path):
    editor = Browser(server.address, timeout=40).log_in("editor", "a long password here")
    run = upload(editor, activities(tmp_path, "one", "First"), "2023-11-03")
    kill(f"--run {run.rstrip('/').rpartition('/')[2]}")
    told = until(editor, run, ["broke", "checked"])
    assert "State: broke off" in told
    assert "Nothing was published" in told
    again = upload(editor, activities(tmp_path, "two", "First"), "2023-11-03")
    assert "State: checked" in until(editor, again, ["checked", "refused", "broke"])


def kill(words):
    """Kill the process whose command line ends so, as soon as it is there."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for process in psutil.process_iter(["cmdline"]):
            with suppress(psutil.Error):
                if " ".join(process.info["cmdline"] or ()).endswith(words):
                    process.kill()
                    return
        time.sleep(0.01)
    raise AssertionError("no such process")
