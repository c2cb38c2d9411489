"""Command that brings database, shipped content and static files up to date; `make run` and every release run it before serving."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from cdmportal.cards.shelf import draw_missing
from desk import deletion
from pages.models import PageEdition
from pages.soundness import hidden_pages
from publishing import content_files, occasions
from registry import tables


class Command(BaseCommand):
    help = "Migrate, load the shipped content into an empty ledger, draw cards, and collect static files where they changed."

    def handle(self, **options):
        try:
            refuse_hidden_pages(connection)
        except DatabaseError as problem:
            raise unusable(problem) from problem
        with ThreadPoolExecutor() as other_core:
            static = other_core.submit(collect_static)
            self.prepare_database()
        try:
            static.result()
        except OSError as problem:
            raise CommandError(f"The static files cannot be collected: {problem}") from problem

    def prepare_database(self):
        try:
            require_limits(connection)
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_content", str(settings.BASE_DIR / "fixtures"), if_empty=True, stdout=self.stdout)
            self.add_spellings()
            self.name_meetings()
            deletion.purge()
            tables.renew_shown()
            draw_missing()
        except DatabaseError as problem:
            raise unusable(problem) from problem

    def add_spellings(self):
        """Records of releases before there were equal spellings get the shipped ones; from then on they are the editors'."""
        try:
            if count := content_files.add(settings.BASE_DIR / "fixtures", "spelling"):
                self.stdout.write(f"Added {count} groups of equal spellings.")
        except (content_files.ContentFileError, ValidationError) as problem:
            raise CommandError(f"The equal spellings cannot be added: {problem}") from problem

    def name_meetings(self):
        """Drafts of releases before there were meetings name them as things, where their words are clear."""
        if count := occasions.name_meetings():
            self.stdout.write(f"{count} drafts now name their meeting as a thing; what is public is as it was until they are published.")


def unusable(problem):
    return CommandError(f"The database cannot be used: {' '.join(str(problem).split())}")


def require_limits(connection):
    """Raise CommandError where the portal's role has no limits behind a pool, as a lock could then hold a request for ever."""
    if connection.vendor != "postgresql" or not settings.DATABASE_POOL:
        return
    with connection.cursor() as cursor:
        for name, limit in (("lock_timeout", "8s"), ("statement_timeout", "60s")):
            cursor.execute("SELECT setting::bigint, session_user FROM pg_settings WHERE name = %s", [name])
            ((milliseconds, role),) = cursor.fetchall()
            if not milliseconds:
                raise CommandError(f"The role {role} has no {name}. Give it one: ALTER ROLE {role} SET {name} = '{limit}'")


def refuse_hidden_pages(connection):
    """Raise CommandError, before anything is changed, where this release answers itself at the address of an editor's page."""
    if PageEdition._meta.db_table not in connection.introspection.table_names():
        return
    if hidden := hidden_pages(timezone.now()):
        said = " ".join(hidden)
        raise CommandError(
            f"{said} Nothing was changed. Move or withdraw such pages with the release that you have, then prepare this one."
        )


def collect_static():
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(root.name + ".stamp")
    files = static_files()
    wanted = fingerprint(files)
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    remove_outdated(root, files)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def static_files():
    """The content of each static file by its path."""
    files = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                files.setdefault(path, file.read())
    return files


def fingerprint(files):
    """A hash over the storage that processes the files, their paths and their contents."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for path, content in sorted(files.items()):
        digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def remove_outdated(root, files):
    """Delete copies that differ: collectstatic goes by dates and would keep a newer copy of an older file after a step back."""
    for path, content in files.items():
        copy = root / path
        if copy.exists() and copy.read_bytes() != content:
            copy.unlink()
