"""Keeps the search index up to the record."""

import signal

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from search import indexer


class Command(BaseCommand):
    help = "Keep the search index up to the record until interrupted; with --once only until it is, with --rebuild after making it anew."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--rebuild", action="store_true")

    def handle(self, once, rebuild, **options):
        try:
            if rebuild:
                indexer.rebuild()
            if once:
                indexer.catch_up()
            elif not rebuild:
                indexer.run_until_stopped([signal.SIGTERM, signal.SIGINT])
        except indexer.Busy:
            raise CommandError("The indexer is already running; it takes up every change by itself.") from None
