"""Command that does what has fallen due; a timer calls it once a minute, and `make run` does by itself."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from due import running


class Command(BaseCommand):
    help = "Do everything that has fallen due, once, and end. Safe to repeat, and two at once do the work once."

    def handle(self, **options):
        if failed := running.run_all():
            raise CommandError(f"Failed, and tried again the next time: {', '.join(failed)}. The log says where.")
