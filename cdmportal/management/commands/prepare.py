"""Brings database, shipped content and static files up to date: what `make run` and every release do before serving."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError


class Command(BaseCommand):
    help = "Migrate, load the shipped content into an empty ledger, and collect static files where they changed."

    def handle(self, **options):
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_content", str(settings.BASE_DIR / "fixtures"), if_empty=True, stdout=self.stdout)
        except DatabaseError as problem:
            raise CommandError(f"The database cannot be used: {' '.join(str(problem).split())}") from problem
        try:
            collect_static()
        except OSError as problem:
            raise CommandError(f"The static files cannot be written: {problem}") from problem


def collect_static():
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(root.name + ".stamp")
    wanted = static_fingerprint()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint():
    """A hash over the names and contents of all static files, and over the storage that processes them."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(path.encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()
