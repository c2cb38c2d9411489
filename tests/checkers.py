"""Programs of others that the tests ask. A test without its checker fails, and says what brings it."""

import shutil

import pytest
from django.conf import settings

MODULES = settings.BASE_DIR / "node_modules"


def module_file(path):
    """A file of a Node package, by its path in node_modules."""
    file = MODULES / path
    if not file.exists():
        pytest.fail(f"This test needs node_modules/{path}: run `make test` once, or npm ci")
    return file


def program(name, package):
    if not shutil.which(name):
        pytest.fail(f"This test needs {name}: apt-get install {package}")
    return name


def axe():
    """The script of axe-core, to be evaluated in a page."""
    return module_file("axe-core/axe.min.js").read_text()
