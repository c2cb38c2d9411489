"""Command that makes drafts of news of the milestones of issuance, as the registry's data tell them."""

from django.core.management.base import BaseCommand

from cdmportal import milestone_news
from publishing import release_files
from publishing.moment import Moment
from registry.milestones import SORTS, milestones
from registry.moments import registry_at


class Command(BaseCommand):
    help = "Make drafts of news of milestones: round sums of CERs, first CERs of Parties and types, with their days. Publishes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--of", nargs="+", choices=SORTS, default=SORTS, metavar="SORT", help=f"only these: {', '.join(SORTS)}")
        parser.add_argument("--dry-run", action="store_true", help="list the milestones; write nothing")

    def handle(self, of, dry_run, **options):
        registry = registry_at(Moment())
        found = [one for one in milestones(registry) if one.sort in of]
        if registry.is_sample:
            self.stdout.write("No release has been imported: only what the shipped sample tells exactly.")
        if dry_run:
            for one in found:
                self.stdout.write(f"{one.day} {milestone_news.title_of(one)}")
            return
        outcomes = milestone_news.offer(registry, found)
        for outcome in outcomes:
            if outcome.what not in (release_files.KNOWN, release_files.WAITING):
                self.stdout.write(str(outcome))
        counts = release_files.summary(outcomes)
        self.stdout.write(
            "Drafts made: {made}, changed: {changed}, waiting to be published: {waiting}, left: {left}. "
            "In the record already: {known}. Nothing was published.".format(**counts)
        )
