"""docs/faults.md and docs/security.md name tests that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMED = re.compile(r"`((?:[a-z_]+/)*test_\w+\.py)::(test_\w+)`")


@pytest.mark.parametrize("list_name", ["faults.md", "security.md"])
def test_every_test_that_the_list_names_is_there(list_name):
    text = (ROOT / "docs" / list_name).read_text()
    named = NAMED.findall(text)
    assert len(named) > 30
    assert len(named) == text.count("::"), "every name has its file"
    missing = [f"{file}::{name}" for file, name in named if not defines(ROOT / "tests" / file, name)]
    assert not missing


def defines(file, name):
    return file.exists() and re.search(rf"^\s*def {name}\(", file.read_text(), re.MULTILINE) is not None
