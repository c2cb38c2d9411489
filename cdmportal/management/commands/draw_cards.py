"""Command that draws the cards: the pictures that others show beside a link to the portal."""

from django.core.management.base import BaseCommand

from cdmportal.cards.shelf import draw_missing


class Command(BaseCommand):
    help = "Draw the cards that pages name (og:image), as far as they changed. prepare does it too, and once an hour run_due."

    def handle(self, **options):
        self.stdout.write(f"{draw_missing()} cards drawn.")
