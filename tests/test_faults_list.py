"""docs/faults.md names tests that exist."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMED = re.compile(r"`((?:[a-z]+/)+test_\w+\.py)::(test_\w+)`")


def test_every_test_that_the_list_names_is_there():
    named = NAMED.findall((ROOT / "docs" / "faults.md").read_text())
    assert len(named) > 60
    missing = [f"{file}::{name}" for file, name in named if not defines(ROOT / "tests" / file, name)]
    assert not missing


def defines(file, name):
    return file.exists() and re.search(rf"^def {name}\(", file.read_text(), re.MULTILINE) is not None
