import time
from functools import cache
from hashlib import file_digest

from django.core.management.base import BaseCommand, CommandError

from files import fields, metadata
from files.formats import Refused, inspect
from files.store import folder

A_DAY = 24 * 3600


class Command(BaseCommand):
    help = "Compare the store of files with the record: what is missing, changed or unused, and what would not come in today as it is."

    def add_arguments(self, parser):
        parser.add_argument("--remove-unused", action="store_true", help="delete what no draft and no edition refers to")

    def handle(self, remove_unused, **options):
        rows = list(fields.references())
        known = {}
        broken = [(row, stored, problem) for row, stored in rows if (problem := known.setdefault(stored, problem_of(stored)))]
        for row, stored, problem in broken:
            self.stdout.write(f"{problem}: {stored.name}, SHA-256 {stored.sha256}, in {row._meta.verbose_name} {row.pk} ({row})")
        for row, stored in rows:
            if not known[stored] and (told := today(stored)):
                self.stdout.write(f"{told}: {stored.name}, SHA-256 {stored.sha256}, in {row._meta.verbose_name} {row.pk} ({row})")
        unused = self.unused({stored.sha256 for _, stored in rows})
        for path in unused:
            if remove_unused:
                path.unlink()
            self.stdout.write(f"{'removed' if remove_unused else 'unused'}: {path.name}")
        self.stdout.write(f"{len(rows)} rows refer to {len(known)} files; {len(broken)} broken, {len(unused)} unused.")
        if broken:
            raise CommandError("Files are missing or changed. Put them back from the backup under the names of their hashes.")

    def unused(self, used):
        """Files that no row refers to, the remains of broken uploads included; without those younger than a day, which a form may hold."""
        found = [path for path in sorted(folder().glob("*/*")) if path.name not in used]
        found += sorted(folder().glob("incoming-*"))
        return [path for path in found if path.stat().st_mtime < time.time() - A_DAY]


@cache
def today(stored):
    """What today's checks say of a sound file: what a picture carries, or why it would be refused; nothing for most."""
    try:
        with stored.open() as file:
            inspect(file, stored.size, stored.extension)
    except Refused as refusal:
        return f"would be refused today, {str(refusal).rstrip('.')}"
    found = metadata.found_in(stored)
    return f"carries {metadata.in_words(found)}" if found else ""


def problem_of(stored):
    """`missing` or `changed`, or nothing for a file that is as it was."""
    try:
        with stored.open() as file:
            return "" if file_digest(file, "sha256").hexdigest() == stored.sha256 else "changed"
    except FileNotFoundError:
        return "missing"
