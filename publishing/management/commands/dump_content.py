from django.core.management.base import BaseCommand, CommandError

from publishing import content_files


class Command(BaseCommand):
    help = "Write the whole record, drafts included, into a new folder that load_content can read."

    def add_arguments(self, parser):
        parser.add_argument("folder")

    def handle(self, folder, **options):
        try:
            count = content_files.dump(folder)
        except content_files.ContentFileError as error:
            raise CommandError(error) from error
        self.stdout.write(f"Wrote {count} editions to {folder}.")
