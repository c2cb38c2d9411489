"""The project's own files keep what the README and the design promise."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

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
