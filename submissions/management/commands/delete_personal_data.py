"""Command that deletes what is known of persons when its time is over, and says how much that was."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from submissions import retention
from submissions.jobs import in_words


class Command(BaseCommand):
    help = "Delete what senders of submissions have told of themselves where its time is over; run_due does it each hour."

    def handle(self, **options):
        self.stdout.write(in_words(retention.delete_due(timezone.now())) or "Nothing was over.")
