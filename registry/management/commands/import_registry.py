from datetime import date

from django.core.management.base import BaseCommand, CommandError

from registry import import_runs
from registry.importing import ImportRefusedError, import_folder, place_of, reasons

MOST_REJECTS = 50  # printed one by one


class Command(BaseCommand):
    help = (
        "Import a folder of registry data (CSV or the workbooks of the UNFCCC) as the next release. All or nothing; again, nothing changes."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?")
        parser.add_argument("--run", type=int, help="number of an import that the desk began, in place of a folder")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="last day that the data tell of, such as 2023-11-03, if no file says so"
        )
        parser.add_argument("--dry-run", action="store_true", help="read, check and compare; write nothing")
        parser.add_argument("--note", default="", help="what readers are told of the release, such as what it puts right")

    def handle(self, folder, as_of, dry_run, note, run, **options):
        if run is not None:
            import_runs.work(run)
            return
        if folder is None:
            raise CommandError("Please name the folder of the files.")
        try:
            result = import_folder(folder, as_of, dry_run, note, say=self.stdout.write)
        except ImportRefusedError as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        self.tell(result)
        if not result.difference:
            self.stdout.write("Nothing changed.")
        elif dry_run:
            self.stdout.write(f"This was a dry run: nothing was written. The release would be of {result.as_of}.")
        else:
            self.stdout.write(f"Published: {result.release}. The entry took {result.seconds_of_entry:.2f} s.")

    def tell(self, result):
        if result.unread:
            self.stdout.write(f"Not read, since they hold nothing for a release: {', '.join(result.unread)}")
        for name, line, reason in result.report.rejects[:MOST_REJECTS]:
            self.stdout.write(f"Rejected: {place_of(name, line)}: {reason}")
        if len(result.report.rejects) > MOST_REJECTS:
            self.stdout.write(f"… and {len(result.report.rejects) - MOST_REJECTS} more rows.")
        for reason, count, name, line in reasons(result.report.warnings):
            often = f"{count:,} warnings, the first" if count > 1 else "1 warning,"
            self.stdout.write(f"{often} in {place_of(name, line)}: {reason}")
