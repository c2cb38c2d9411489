"""What a module's tests read, planted once: each test finds the record, the index and the clock as they were left then."""

import contextlib
import shutil

import pytest
from django.conf import settings
from django.db import transaction

from publishing import clock as portal_clock
from publishing import snapshots
from search import backend, indexer
from tests.record import Clock


class Planting:
    """`things` is what `plant(clock)` returned, `now` when it was done; `index` is a copy of the index folder."""

    def __init__(self, plant, folder):
        self.index = folder / "index"
        clock, engine = Clock(), backend.default()
        with clock.held(), emptied(engine):
            portal_clock.now.forget()
            snapshots.clear_all()
            self.things = plant(clock)
            indexer.catch_up()
            engine.index.close()
            shutil.copytree(engine.generations.path, self.index)
        self.now = clock.now

    @contextlib.contextmanager
    def restored(self):
        """The engine with the index of then, whatever the test before made of it."""
        with emptied(backend.default()) as engine:
            shutil.copytree(self.index, engine.generations.path)
            yield engine


@contextlib.contextmanager
def planted_once(plant, unblocked, folder):
    with unblocked, pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", folder / "media")
        yield Planting(plant, folder)
        transaction.set_rollback(True)


@contextlib.contextmanager
def emptied(engine):
    shutil.rmtree(engine.generations.path, ignore_errors=True)
    yield engine
    engine.index.close()
    shutil.rmtree(engine.generations.path, ignore_errors=True)
