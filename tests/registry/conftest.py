"""The real release, for the files whose tests all read the same one."""

import pytest
from django.db import transaction

from registry.importing import import_folder


@pytest.fixture(scope="module")
def result(registry_data, django_db_setup, django_db_blocker):
    """The import of the folder, which stands for all tests of a file; rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_folder(registry_data)
        transaction.set_rollback(True)
