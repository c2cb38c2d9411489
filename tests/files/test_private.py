import io
import os
import stat
import time

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from files import private, uploads


def test_same_bytes_lie_there_once_for_each_row_under_names_that_tell_nothing():
    kept = [private.keep("areas", io.BytesIO(b"minutes"), "minutes.txt") for _time in range(2)]
    places = {one.place for one in kept}
    assert len(places) == 2
    for one in kept:
        path = private.root() / one.place
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert "minutes" not in one.place
        assert one.sha256[:8] not in one.place
        assert not path.is_relative_to(settings.MEDIA_ROOT)
    private.forget(kept[0].place)
    private.forget(kept[0].place)
    assert (private.root() / kept[1].place).read_bytes() == b"minutes"


def test_file_that_is_refused_leaves_nothing_behind():
    folder = private.root() / "refused"
    with pytest.raises(ValidationError):
        uploads.accept_private(io.BytesIO(b"MZ\x90 no picture"), "picture.png", "refused")
    assert not folder.exists() or not list(folder.iterdir())


def test_only_old_files_that_no_row_knows_are_strays():
    kept = [private.keep("strays", io.BytesIO(b"x"), "x.txt") for _time in range(3)]
    for one in kept[:2]:
        os.utime(private.root() / one.place, (time.time() - 90_000,) * 2)
    assert private.strays("strays", {kept[0].place}) == [private.root() / kept[1].place]
    assert private.strays("nowhere", set()) == []
