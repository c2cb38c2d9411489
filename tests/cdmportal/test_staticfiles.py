"""One stylesheet and one script are served, joined from their parts."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.template import engines

from cdmportal.staticfiles import JOINED, STYLES, JoiningFinder, joined
from registry.lines import AMOUNT, LINE, tag

LISTS = "registry/list registry/narrow registry/_lines registry/_clocks registry/_count registry/_nothing _facets _chips".split()


def collected():
    return [path for finder in get_finders() for path, storage in finder.list([])]


def test_parts_are_not_served_and_joined_files_are_served_once():
    paths = collected()
    assert not [path for path in paths if path.startswith(("css/portal/", "js/portal/"))]
    assert [paths.count(name) for name in JOINED] == [1] * len(JOINED)


@pytest.mark.parametrize("folder", ["css", "js"])
def test_every_part_is_joined(settings, folder):
    parts = {part for name, own in JOINED.items() if name.startswith(folder) for part in own}
    assert {path.stem for path in (settings.BASE_DIR / "static" / folder / "portal").iterdir()} == parts


@pytest.mark.parametrize(("sheet", "some"), [("lists", "results found amount"), ("registry", "facts figures plot steps")])
def test_stylesheets_of_the_registry_have_every_class_of_their_templates(settings, sheet, some):
    """They leave parts out: what one of these alone defines would stand there without a look."""
    own = {f"registry/{path.stem}" for path in (settings.BASE_DIR / "templates/registry").iterdir()} - set(LISTS)
    names = LISTS if sheet == "lists" else own | {"registry/_clocks", "_section_text", "_pagination", "base", "_since", "_stamp"}
    texts = [(settings.BASE_DIR / f"templates/{name}.html").read_text() for name in names]
    used = {name for text in texts for names in re.findall(r'class="([^"]+)"', text) for name in names.split()}
    used |= set(re.findall(r'class="([a-z]+)"', LINE + AMOUNT + tag("x")))
    assert {"tag", *some.split()} <= used
    missing = set(STYLES) - set(JOINED[f"css/{sheet}.css"])
    left_out = "".join((settings.BASE_DIR / f"static/css/portal/{part}.css").read_text() for part in missing)
    assert not {name for name in used if f".{name} " in left_out and f".{name}" not in joined(f"css/{sheet}.css")}


def test_joined_file_follows_its_parts(settings, tmp_path, monkeypatch):
    for folder, text in (("css/portal", "/* why */\na {\n  color: red;\n}\n"), ("js/portal", "const a = 1;\n")):
        (tmp_path / "static" / folder).mkdir(parents=True)
        (tmp_path / "static" / folder / f"one.{folder[:3].strip('/')}").write_text(text)
    settings.BASE_DIR = tmp_path
    monkeypatch.setitem(JOINED, "css/portal.css", ["one"])
    monkeypatch.setitem(JOINED, "js/portal.js", ["one"])
    assert joined("css/portal.css") == "a{color:red}"
    assert joined("js/portal.js") == '"use strict";\n{\nconst a = 1;\n}\n'


def test_shortened_styles_keep_what_they_mean(settings, tmp_path, monkeypatch):
    (tmp_path / "static/css/portal").mkdir(parents=True)
    (tmp_path / "static/css/portal/one.css").write_text(
        'a:hover > b {\n  width: calc(1px + 2em);\n  content: "[added: ";\n}\n@media (hover) and (color) {\n  i, b { margin: 0 auto; }\n}\n'
    )
    settings.BASE_DIR = tmp_path
    monkeypatch.setitem(JOINED, "css/portal.css", ["one"])
    assert joined("css/portal.css") == 'a:hover>b{width:calc(1px + 2em);content:"[added: "}@media (hover) and (color){i,b{margin:0 auto}}'


def all_styles():
    return "".join(joined(name) for name in JOINED if name.endswith(".css"))


def test_styles_name_only_colours_that_are_defined():
    text = all_styles()
    defined, used = set(re.findall(r"(--[\w-]+):", text)), set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used == defined


def test_styles_know_no_left_and_right():
    either = re.sub(r"\[dir=[^}]*\}", "", all_styles())  # what is said of one direction alone may name its side
    found = re.findall(r"[;{]((?:margin|padding|border)-(?:left|right)|left|right|float|text-align:(?:left|right))\b", either)
    assert found == []


def test_values_in_templates_keep_their_indentation():
    html = engines["django"].get_template("503.html").render({"fields": [("body", "  indented\n\n    text", True)]})
    assert "<textarea" in html
    assert "  indented\n\n    text</textarea>" in html


def test_first_requests_of_many_threads_at_once_each_find_the_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    finder = JoiningFinder()
    for _ in range(20):
        shutil.rmtree(tmp_path / "joined", ignore_errors=True)
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: finder.write("css/portal.css"), range(8)))
        assert {Path(path).read_text() for path in found} == {joined("css/portal.css")}
