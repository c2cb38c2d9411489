"""The house's rooms: no ring of files, one meaning a name, and tests that lie as the apps do."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path

import grimp
import pytest
from django.conf import settings

from tests.test_project import own_apps

ROOT = Path(settings.BASE_DIR)
# Django looks for these, or their names are those of what they stand for in each app.
DJANGOS = {"Meta", "Migration", "Command", "Media"}
# Folders of tests that are about no single app.
SHARED = {"faults", "scripts", "security"}


def rings(graph):
    """Sets of modules that import each other in a circle, imports within functions counted (Tarjan's strong components)."""
    number, low, path, found = {}, {}, [], []

    def visit(module):
        number[module] = low[module] = len(number)
        path.append(module)
        for imported in graph[module]:
            if imported not in number:
                visit(imported)
            if imported in path:
                low[module] = min(low[module], low[imported])
        if low[module] == number[module]:
            ring = set(path[path.index(module) :])
            del path[path.index(module) :]
            if len(ring) > 1:
                found.append(ring)

    for module in graph:
        if module not in number:
            visit(module)
    return found


def test_no_files_import_each_other_in_a_ring():
    built = grimp.build_graph(*own_apps(), cache_dir=None)
    assert len(built.modules) > 150
    assert rings({module: sorted(built.find_modules_directly_imported_by(module)) for module in sorted(built.modules)}) == []


@pytest.mark.parametrize("place", ["import planted.{}\n", "def later():\n    from planted import {}\n"])
def test_planted_ring_is_found(tmp_path, monkeypatch, place):
    package = tmp_path / "planted"
    package.mkdir()
    for name, imported in {"__init__": None, "a": "b", "b": "c", "c": "a", "d": "a"}.items():
        (package / f"{name}.py").write_text(place.format(imported) if imported else "")
    monkeypatch.syspath_prepend(tmp_path)
    built = grimp.build_graph("planted", cache_dir=None)
    graph = {module: sorted(built.find_modules_directly_imported_by(module)) for module in sorted(built.modules)}
    assert rings(graph) == [{"planted.a", "planted.b", "planted.c"}]


def class_names(sources):
    """The places of each class by name."""
    places = defaultdict(list)
    for place, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(place)
    return places


def is_shared(name):
    return name in DJANGOS or name.startswith("Test")


def twins(places):
    return {name for name, found in places.items() if len(found) > 1 and not is_shared(name)}


def test_class_name_occurs_once_in_the_house():
    folders = [*own_apps(), "scripts", "bench", "tests"]
    sources = {str(file.relative_to(ROOT)): file.read_text() for folder in folders for file in (ROOT / folder).glob("**/*.py")}
    places = class_names(sources)
    assert len(places) > 150
    assert {name: places[name] for name in twins(places)} == {}


def test_twin_classes_are_found():
    places = class_names({"a.py": "class Page:\n    class Meta: pass", "b.py": "def make():\n    class Page: pass\nclass Meta: pass"})
    assert twins(places) == {"Page"}
    assert places["Page"] == ["a.py", "b.py"]


def test_tests_lie_in_folders_like_the_apps():
    folders = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert folders <= {*own_apps(), *SHARED}
    assert set(own_apps()) <= folders
    assert [file.parent for file in (ROOT / "tests").glob("**/*.py") if not (file.parent / "__init__.py").exists()] == []


def files_named(text):
    """Names of Python and Markdown files of ours in the docstrings and comments of a module, each with its folders if it has any."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    prose = [token.string for token in tokens if token.type == tokenize.COMMENT or token.string.startswith('"""')]
    return {name for words in prose for name in re.findall(r"(?<![\w/.`<>-])(?:[\w-]+/)*[\w-]+\.(?:py|md)\b", words)}


def test_files_that_docstrings_and_comments_name_exist():
    files = [file for folder in [*own_apps(), "scripts", "bench"] for file in (ROOT / folder).glob("**/*.py")]
    missing = {(str(file.relative_to(ROOT)), name) for file in files for name in files_named(file.read_text())}
    missing = {(file, name) for file, name in missing if not (ROOT / name).exists() and not (ROOT / file).with_name(name).exists()}
    assert {name for _file, name in missing} <= {"index.md", "draft.md"}, missing  # addresses, and names in a dump


def test_files_in_a_docstring_are_found():
    assert files_named('"""See gone.py and docs/adr/0001-gone.md."""\nplace = "other.py"  # unlike third.py\n') == {
        "gone.py",
        "docs/adr/0001-gone.md",
        "third.py",
    }
