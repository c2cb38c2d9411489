"""The project's own files keep what the README and the design promise."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from cdmportal.staticfiles import PAGES

ROOT = Path(settings.BASE_DIR)
ENVIRONMENT = re.compile(r"""(?:os\.environ\.get|flag|words|required_in_production)\(\s*["']([A-Z_]+)["']""")


def own_apps():
    return sorted(config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT)


def test_import_linter_knows_every_room():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(own_apps()) <= set(linter["root_packages"])
    for layer in linter["contracts"][0]["layers"]:
        linter["root_packages"] = [name for name in linter["root_packages"] if name not in layer.split(" | ")]
    assert linter["root_packages"] == [], "not in the contract"


@pytest.mark.parametrize("app", own_apps())
def test_migrations_of_an_app_form_one_line(app):
    nodes = {key: node for key, node in MigrationLoader(None).graph.node_map.items() if key[0] == app}
    for key, node in nodes.items():
        assert len([child for child in node.children if child.key[0] == app]) <= 1, f"{key} has two successors"
        assert len([parent for parent in node.parents if parent.key[0] == app]) <= 1, f"{key} joins two lines"


def test_readme_has_every_environment_variable():
    sources = [*ROOT.glob("cdmportal/*.py"), *ROOT.glob("scripts/*.py"), ROOT / "tests" / "conftest.py"]
    read = {name for source in sources for name in ENVIRONMENT.findall(source.read_text())}
    assert {"DATABASE_URL", "SECRET_KEY", "PORT"} <= read
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert described == read


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_lock_files_hold_hashes_and_no_addresses(name):
    text = re.sub(r'"url": "[^"]*"', "", (ROOT / name).read_text())  # where npm says who asks for donations; nothing is loaded from there
    assert "sha256:" in text or "sha512-" in text
    assert not re.search(r"https?://|--find-links|--index-url|--extra-index-url|\"resolved\"", text)


FOLDERS = [*own_apps(), "bench", "docs", "fixtures", "scripts", "static", "templates", "tests"]


def documents():
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


each_document = pytest.mark.parametrize("document", documents(), ids=lambda document: str(document.relative_to(ROOT)))


def own_paths(text):
    """Paths of ours between backticks, or the names of templates, without the case studies that docs/kinds.md adds; and those of links."""
    quoted = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[-\w./]*)`", text)
    linked = re.findall(r"\]\((?![a-z]+:|#|/)([^)#]+)", text)
    return [path for path in quoted if "casestudies" not in path], linked


@each_document
def test_paths_that_a_document_names_exist(document):
    quoted, linked = own_paths(document.read_text())
    assert [path for path in quoted if not (ROOT / path).exists() and not (ROOT / "templates" / path).exists()] == []
    assert [path for path in linked if not (document.parent / path).exists()] == []


def test_paths_in_a_text_are_found():
    text = (
        "See `publishing/gone.py`, `news/`, `/news/` and [the guide](docs/gone.md), not [this](https://example.org/) or `case/models.py`."
    )
    assert own_paths(text) == (["publishing/gone.py", "news/"], ["docs/gone.md"])


@each_document
def test_lines_of_a_document_are_short(document):
    lines = document.read_text().splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 160 and not line.startswith("|")] == []


def test_every_decision_has_a_number_of_its_own_and_is_listed_with_its_status():
    files = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    rows = []
    for file in files:
        title, status = re.match(r"# \d{4}\. (.+)\n\nDate: [-\d]{10}\. Status: (accepted|superseded by \d{4})\.", file.read_text()).groups()
        rows.append(f"| [{file.name[:4]}]({file.name}) | {title} | {status} |")
    assert [int(file.name[:4]) for file in files] == [*range(1, len(files) + 1)]
    assert re.findall(r"^\| \[.*", (ROOT / "docs" / "adr" / "README.md").read_text(), re.MULTILINE) == rows


def test_no_file_holds_the_marks_of_a_merge():
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*")] + [*ROOT.iterdir()]
    marks = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    assert [str(file) for file in files if file.is_file() and marks.search(file.read_bytes())] == []


def test_templates_name_their_stylesheet_by_its_name():
    """`{% block style %}lists{% endblock %}`: of a page of the past it is another file (cdmportal/staticfiles.py)."""
    blocks = re.compile(r"{% block style %}(.*?){% endblock %}")
    named = {name for file in (ROOT / "templates").rglob("*.html") for name in blocks.findall(file.read_text())}
    assert "lists" in named
    assert {name for name in named if "{%" not in name} <= set(PAGES)
    assert not [name for name in named if "static" in name]
