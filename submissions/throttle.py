"""Slows down floods of forms without closing them for anybody else: rows are counted, since processes share no memory.

A network is a pseudonym under a key of the day. From the sixth submission of an hour on a plain question is asked; after sixty the
network waits. Of files one request at a time is examined in each process.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.throttling import Turns, network_of, pseudonym
from submissions.models import FormPost, PlainQuestion

HOUR = timedelta(hours=1)
UNASKED, MOST_ACCEPTED, MOST_TRIES = 5, 60, 300
RETRY_SECONDS = 900
examining = Turns()


def networks(request, at):
    """Pseudonyms of the sender's network, of today first and, for the hour after midnight, of yesterday."""
    return [pseudonym(f"form {(at - back):%Y-%m-%d} {network_of(request)}") for back in (timedelta(0), HOUR)]


class Traffic:
    """What came from the network of a request within the hour."""

    def __init__(self, request):
        self.at = timezone.now()
        self.networks = networks(request, self.at)
        recent = FormPost.objects.filter(network__in=self.networks, at__gt=self.at - HOUR)
        self.tries, self.accepted = recent.count(), recent.filter(was_accepted=True).count()

    @property
    def is_too_much(self):
        return self.accepted >= MOST_ACCEPTED or self.tries >= MOST_TRIES

    @property
    def is_asked(self):
        return self.accepted >= UNASKED

    def note(self, was_accepted):
        FormPost.objects.create(network=self.networks[0], at=self.at, was_accepted=was_accepted)


def question():
    """(question, answers folded) that is asked of busy networks: the desk's, else one that every reader of the site can answer."""
    own = PlainQuestion.objects.order_by("-pk").first()
    if own is None:
        return _("In which city of Japan was the Protocol adopted that the CDM belongs to?"), {"kyoto"}
    return own.question, answers_of(own.answers)


def answers_of(lines):
    return {folded(line) for line in lines.splitlines() if folded(line)}


def folded(answer):
    return " ".join(answer.casefold().split()).strip(".,!?")
