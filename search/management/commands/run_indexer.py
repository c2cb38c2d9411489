"""Command that keeps the search index up to the record."""

import signal
from threading import Event

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from search import backend, indexer


class Command(BaseCommand):
    help = "Keep the search index up to the record until interrupted. One process does this for all that serve."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="bring it up to the record and end")
        parser.add_argument("--rebuild", action="store_true", help="make it anew and end")
        parser.add_argument("--beside", type=int, metavar="PROCESS", help="end with the process of this id, which started this one")

    def handle(self, once, rebuild, beside, **options):
        try:
            if rebuild:
                indexer.rebuild()
            elif once:
                indexer.catch_up()
            else:
                stop = ended_by(signal.SIGTERM, signal.SIGINT)
                indexer.run_in_turn(stop, beside) if beside else indexer.run(stop)
        except indexer.Busy:
            if not rebuild:
                raise CommandError("The indexer is already running; it takes up every change by itself.") from None
            backend.default().generations.report_damage()
            self.stdout.write("The indexer is running and will make the index anew.")


def ended_by(*signals):
    """An Event that is set by any of the signals."""
    stop = Event()
    for number in signals:
        signal.signal(number, lambda *_: stop.set())
    return stop
