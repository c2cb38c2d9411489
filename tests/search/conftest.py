"""The index of one test must not reach the next: their databases share numbers."""

import shutil

import pytest

from search import backend


@pytest.fixture(autouse=True)
def no_index_left():
    yield
    engine = backend.default()
    engine.index.close()
    shutil.rmtree(engine.generations.path, ignore_errors=True)
