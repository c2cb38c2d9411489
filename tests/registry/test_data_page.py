"""The page on the data and the descriptions for programmes, against what the addresses answer."""

import csv
import io
import json
import re

import pytest
from django.conf import settings
from django.test import Client

from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(tmp_path):
    issued = {"project_ref": "1", "issuance_process_id": "P1"}
    return import_folder(folder_of(tmp_path, [{"project_ref": "1", "unique_id": "A1", "title": "Wind", "lat": "-10"}], [issued]))


def header_of(address):
    return next(csv.reader(io.StringIO(b"".join(Client().get(address)).decode("utf-8-sig"))))


def test_metadata_names_the_very_columns_of_the_files(release):
    tables = json.loads(Client().get("/data/csvw.json").content)["tables"]
    assert len(tables) == 2
    for table in tables:
        address = table["url"].partition("//")[2].partition("/")[2]
        assert [column["name"] for column in table["tableSchema"]["columns"]] == header_of(f"/{address}")


def test_page_explains_every_column(release):
    page = text_of(parsed(Client().get("/data/")))
    for column in (*header_of("/projects/?format=csv"), *header_of("/issuance/?format=csv")):
        assert column in page


def test_every_link_of_the_page_answers(release):
    for link in parsed(Client().get("/data/")).xpath("//main//section//a/@href"):
        assert Client().get(link).status_code == 200, link


def test_page_of_the_sample_says_what_it_is_and_leads_nowhere_in_vain():
    for link in parsed(Client().get("/data/")).xpath("//main//section//a/@href"):
        assert Client().get(link).status_code == 200, link
    assert "Sample of" in text_of(parsed(Client().get("/data/")))


def examples(language):
    """The blocks of code of docs/data.md in a language."""
    text = (settings.BASE_DIR / "docs" / "data.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def asked_here(address):
    return io.BytesIO(b"".join(Client().get(address.removeprefix("http://127.0.0.1:8000"))))


@pytest.fixture
def run_plain_example(monkeypatch, capsys):
    """Runs the example that needs Python alone as it is written, and gives its last line."""
    [code] = [code for code in examples("python") if "pandas" not in code]
    monkeypatch.setattr("urllib.request.urlopen", asked_here)

    def run():
        exec(code, {})  # noqa: S102 (our own)
        return capsys.readouterr().out.strip().splitlines()[-1]

    return run


def test_example_of_the_documentation_runs_as_written(release, run_plain_example):
    assert run_plain_example() == "100"


def test_examples_of_the_documentation_end_in_the_number_of_the_portal(registry_data, run_plain_example):
    import_folder(registry_data)
    totals = text_of(parsed(Client().get("/@2010-03-10/statistics/")).xpath("//main")[0])
    assert "391,050,410" in totals
    assert run_plain_example() == "391050410"


def test_addresses_and_columns_in_the_examples_of_the_documentation_are_there(release):
    code = [*examples("python"), *examples("r"), *examples("sh")]
    addresses = [address for block in code for address in re.findall(r"http://127\.0\.0\.1:8000(/[^\"]*)", block)]
    assert len(addresses) == 4
    for block, address in zip(code, addresses, strict=True):
        named = {*re.findall(r"\[\"(\w+)\"\]", block), *re.findall(r"\$(\w+)", block)}
        for several in re.findall(r"(?:c\(|parse_dates=\[|na_values=\{|dtype=\{)([^)\]}]*)", block):
            named |= set(re.findall(r"\"(\w+)\"", several))
        assert named <= set(header_of(address)), (address, named)
        assert named or "infilter" in block, block
    formulas = "".join(examples("text"))
    header = header_of("/issuance/?format=csv")
    assert {letter: header["ABCDEFGHIJKLMN".index(letter)] for letter in re.findall(r"\b([A-Z]):\1\b", formulas)} == {
        "K": "cers_issued",
        "C": "host_iso2",
    }
