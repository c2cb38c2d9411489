from django.core.management.base import BaseCommand, CommandError

from publishing import content_files, release_files
from publishing.models import Edition


class Command(BaseCommand):
    help = "Fill an empty record from a folder of Markdown files with front matter, such as fixtures/ or a dump."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default="fixtures")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--if-empty", action="store_true", help="do nothing, without an error, when something has been recorded")
        way.add_argument("--drafts", action="store_true", help="make drafts of files that are new or changed, and publish nothing")

    def handle(self, folder, if_empty, drafts, **options):
        if if_empty and Edition.objects.exists():
            return
        try:
            if drafts:
                self.tell(release_files.offer(folder))
            else:
                self.stdout.write(f"Loaded {content_files.load(folder)} editions from {folder}.")
        except content_files.ContentFileError as error:
            raise CommandError(error) from error

    def tell(self, outcomes):
        for outcome in outcomes:
            if outcome.what != release_files.KNOWN:
                self.stdout.write(str(outcome))
        counts = release_files.summary(outcomes)
        self.stdout.write(
            "Drafts made: {made}, changed: {changed}, waiting to be published: {waiting}, left: {left}. "
            "In the record already: {known}. Nothing was published.".format(**counts)
        )
