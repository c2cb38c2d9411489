"""The databases of this folder: a portal as commit 449422d kept it, with shipped content and one thing in each state.

This script made them in a checkout of that commit: `PYTHONPATH=. python <this file> <this folder>`. They stay as they are, because every
later release has to take them over.
"""

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from scripts.postgres import throwaway_database, usable_programs

MADE = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def put_states():
    """One thing in each state; prints the address of the share link."""
    from django.contrib.auth.models import Group, User

    from pages.models import Page, Term
    from publishing import kinds, ledger, sharing, workingcopies
    from publishing.models import SectionGrant, ShareLink

    def change(page, body):
        page.body = body
        assert page.save_if_unchanged(page.version)

    def public(thing, when=None, note=""):
        ledger.publish([thing], when, note=note, author="paul")
        return thing

    paul, anna = (User.objects.create_user(name, password="a long enough password", is_staff=True) for name in ("paul", "anna"))
    paul.groups.add(Group.objects.get(name="Publisher"))
    anna.groups.add(Group.objects.get(name="Author"))
    about = Page.objects.get(slug="about")
    SectionGrant.objects.create(user=anna, section_id=about.pk)
    texts = {
        "changed": "Public words.",
        "never-public": "Words that were never public.",
        "scheduled": "Words of today.",
        "withdrawn": "Withdrawn words.",
        "erased": "Erased words.",
    }
    pages = {slug: Page.objects.create(slug=slug, title=slug.capitalize(), body=body, parent=about) for slug, body in texts.items()}
    change(public(pages["changed"]), "Words of the draft.")
    change(public(pages["scheduled"]), "Words of 2090.")
    public(pages["scheduled"], datetime(2090, 1, 1, tzinfo=UTC), "For 2090.")
    ledger.withdraw(public(pages["withdrawn"]), "It was a trial.", successor=about, author="paul")
    ledger.erase(public(pages["erased"], note="Erased note.").editions.get(), "A court has ordered it.", author="paul")
    public(Term.objects.create(name="Upgrade", slug="upgrade", body="A release that takes over."))
    new = pages["never-public"]
    typed = {"title": ["Typed"], "body": ["Words typed and not saved."]}
    workingcopies.keep(anna, kinds.get("page"), new.thing_ptr, typed, new.version, "")
    link = sharing.make(new, paul)
    ShareLink.objects.filter(pk=link.pk).update(expires=datetime(2091, 1, 1, tzinfo=UTC))
    print(sharing.address(link))


def fill(address, folder):
    """Run in a process of its own, with the clock at MADE."""
    os.environ |= {"DATABASE_URL": address, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cdmportal.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    with mock.patch("django.utils.timezone.now", return_value=MADE):
        call_command("migrate", verbosity=0)
        call_command("load_content", "fixtures")
        put_states()


def filled(address, folder):
    subprocess.run([sys.executable, __file__, "--fill", address, folder], check=True)


def sqlite_dump(folder):
    with sqlite3.connect(Path(folder, "dump.sqlite3")) as database:
        return "\n".join(database.iterdump())


def postgresql_dump(address, programs):
    """The statements alone: neither settings of a session nor commands of psql, so that any version and any client can load them."""
    command = [programs / "pg_dump", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges", "--no-comments", "-d", address]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^(SET|\\(un)?restrict|--|SELECT pg_catalog\.set_config).*\n|^\n", "", text, flags=re.MULTILINE)


def main(target):
    with tempfile.TemporaryDirectory() as folder:
        filled(f"sqlite:///{folder}/dump.sqlite3", folder)
        write(target / "sqlite.sql.gz", sqlite_dump(folder))
        with throwaway_database() as address:
            filled(address, folder)
            write(target / "postgresql.sql.gz", postgresql_dump(address, usable_programs(Path(folder), None)))


def write(path, text):
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    fill(*sys.argv[2:]) if sys.argv[1] == "--fill" else main(Path(sys.argv[1]))
