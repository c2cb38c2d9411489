from django.core.management.base import BaseCommand, CommandError

from publishing import content_files
from publishing.models import Edition


class Command(BaseCommand):
    help = "Fill an empty record from a folder of Markdown files with front matter, such as fixtures/ or a dump."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default="fixtures")
        parser.add_argument("--if-empty", action="store_true", help="do nothing, without an error, when something has been recorded")

    def handle(self, folder, if_empty, **options):
        if if_empty and Edition.objects.exists():
            return
        try:
            count = content_files.load(folder)
        except content_files.ContentFileError as error:
            raise CommandError(error) from error
        self.stdout.write(f"Loaded {count} editions from {folder}.")
