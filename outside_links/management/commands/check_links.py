"""Command that looks at the links of public texts to other sites. Nothing else in the portal ever asks another site for anything."""

from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import timezone

from outside_links import verdicts
from outside_links.checking import Hosts, look_at_all
from outside_links.collecting import collect, digest_of
from outside_links.models import LinkVerdict

MOST = 1000


class Command(BaseCommand):
    help = (
        "Look at the addresses on other sites that public texts link to: each at most once a day, one request at a time to a host "
        "with pauses, as its robots.txt allows, and never a host that is not public. What was found stands in the desk's reports."
    )

    def add_arguments(self, parser):
        parser.add_argument("--most", type=int, default=MOST, help=f"how many addresses to look at in this run (default {MOST})")

    def handle(self, most, **options):
        addresses = collect()
        waiting = verdicts.due(addresses, timezone.now())[: max(most, 0)]
        counts = Counter()
        for address, found in look_at_all([addresses[digest] for digest in waiting], Hosts()):
            counts[verdicts.keep(digest_of(address), found, timezone.now())] += 1
        told = ", ".join(f"{verdict.label} {counts[verdict]}" for verdict in LinkVerdict if counts[verdict])
        self.stdout.write(f"{len(addresses)} addresses, {len(waiting)} looked at{': ' + told if told else ''}.")
