"""Due work of calls: whoever wrote one is reminded when the day has come by which its outcome was promised."""

from datetime import timedelta

from calls.models import CallEdition
from desk import notices, review_dates
from desk.models import NoticeEvent
from due.jobs import job
from publishing import clock


@job("tell_outcomes_due", every=timedelta(hours=1))
def tell_outcomes_due():
    """One reminder a call and promised day; none of a call that was cancelled or has its outcome."""
    promised = CallEdition.objects.live(clock.now()).filter(outcome_due__lte=review_dates.today(), outcome="", is_cancelled=False)
    for call in promised:
        people = review_dates.responsible(call.thing_id)
        notices.tell(NoticeEvent.OUTCOME_DUE, people, "call", call.thing_id, f"outcome {call.thing_id} {call.outcome_due}", by="")
