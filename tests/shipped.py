"""The shipped content for tests that read the site as visitors find it."""

import pytest
from django.conf import settings
from django.db import transaction

from publishing.content_files import load


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder of its files; loaded once for a module's tests, each of which still runs in a transaction of its own."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        load(settings.BASE_DIR / "fixtures")
        yield settings.MEDIA_ROOT
        transaction.set_rollback(True)
