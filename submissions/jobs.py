"""Due work of submissions: what is over is deleted."""

from datetime import timedelta

from django.utils import timezone

from due.jobs import job
from submissions import retention


@job("delete_personal_data", every=timedelta(hours=1))
def delete_personal_data():
    return in_words(retention.delete_due(timezone.now()))


def in_words(counts):
    return ", ".join(f"{count} {what}" for what, count in counts.items())
