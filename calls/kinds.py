"""Kinds: calls for inputs and published submissions, as the other apps know them."""

import re
from copy import copy
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.extensions import is_extended, is_shortened
from calls.lists import FACETS, calls, submissions
from calls.models import HOME, RESERVED_SLUGS, Call, CallEdition, PublishedSubmission, PublishedSubmissionEdition
from calls.states import turns_of
from markup.rendering import escape_markdown, links_in
from publishing import dates, roles
from publishing.addresses import canonical
from publishing.clashes import refusal
from publishing.kinds import Searched, Target, register
from publishing.listing import ListedKind
from publishing.models import Action
from publishing.occasions import Occasional

OWN = "|".join(sorted(RESERVED_SLUGS))
SLUG = rf"(?P<slug>(?!(?:{OWN})/)[-\w]{{1,80}})"
SECTION = "Specific Call for Public Inputs"


@register
class CallKind(ListedKind, Searched, Occasional):
    draft = Call
    edition = CallEdition
    section = SECTION
    home = HOME
    rows = calls
    facets = FACETS
    papers_heading = gettext_lazy("Calls for inputs")
    pattern = re.compile(rf"{HOME}{SLUG}/\Z", re.ASCII)
    columns = ("state", "opens", "closes", "closing_in_words", "title", "asked_by", "audience", "summary")
    description = gettext_lazy("Calls in which bodies of the CDM ask for views on a draft or a question.")
    template = "calls/call.html"
    list_template = "calls/calls.html"

    def turns(self, edition):
        return turns_of(edition)

    def serves(self, path, moment):
        """Before the first call, the page at the list's address answers, if there is one."""
        if path == HOME:
            return bool(self.rows(moment).all)
        return path == f"{HOME}calendar.ics" or super().serves(path, moment)

    def record(self, row):
        return {
            "state": str(row.state.value),
            "opens": machine(row.opens, row.opens_day),
            "closes": machine(row.closes, row.closes_day),
            "closing_in_words": row.shown_last_closing,
            "title": row.title,
            "asked_by": row.asker,
            "audience": row.get_audience_display(),
            "summary": row.summary,
            "address": canonical(row.path),
        }

    def markdown(self, content):
        """The text as Markdown, with what the page says of the call beside it, its questions and its outcome."""
        facts = {
            _("Opens"): content.shown_opening,
            _("Closes"): content.shown_closing,
            _("Who is asked"): content.get_audience_display(),
            _("Cancelled"): content.cancelled_reason,
            _("Submissions on the page of the time"): content.submissions_seen,
            _("Source"): ", ".join(filter(None, (content.source_title, content.source_url))),
        }
        lines = [f"- {name}: {escape_markdown(str(value))}" for name, value in facts.items() if value]
        lines += [
            f"- {_('Topic')}: {escape_markdown(topic.title)}" + (f", {topic.closes_as_stated}" if topic.closes else "")
            for topic in content.parsed_topics
        ]
        questions = "\n".join(f"{number}. {escape_markdown(line)}" for number, line in enumerate(content.questions, 1))
        outcome = f"## {_('Outcome')}\n\n{content.outcome}" if content.outcome else ""
        parts = (f"# {escape_markdown(content.title)}", "\n".join(lines), content.summary, content.body, questions, outcome)
        return "\n\n".join(part.strip() for part in parts if part)

    def search_document(self, edition, moment):
        """Its questions and its outcome are found with what is asked."""
        whole = copy(edition)
        whole.body = "\n\n".join(filter(None, (edition.body, *map(escape_markdown, edition.questions), edition.outcome)))
        return super().search_document(whole, moment)

    def words(self, edition):
        return (*(topic.title for topic in edition.parsed_topics), edition.get_audience_display())

    def addresses_linked(self, content):
        documents = [f"[]({topic.document})" for topic in content.parsed_topics if topic.document]
        return links_in("\n\n".join([content.body, content.outcome, *documents]))

    def check_edition(self, edition):
        """Only what is long over is told by its days; who answers is told of an extension, and no one loses a day in silence."""
        if edition.is_of_days and edition.live_from < dates.instant(edition.closes_day + timedelta(days=1)):
            raise ValidationError(
                _("“%s” can be public only once its last day is over, or with the instant of its closing.") % edition.title
            )
        if edition.imported:
            return
        before = self.edition.objects.ever_in_force(thing=edition.thing_id)
        before = before.filter(action=Action.PUBLISH, live_from__lt=edition.live_from)
        if old := before.order_by("-live_from", "-number").first():
            self.check_deadlines(old, edition)

    def check_deadlines(self, old, new):
        is_shorter = is_shortened(old, new, new.live_from)
        if (is_shorter or is_extended(old, new)) and not new.note.strip():
            raise ValidationError(_("“%s” closes at another time than before: please say why in the note, which readers see.") % new.title)
        if is_shorter and not is_administrator(new.author):
            said = _("“%s” is open and would close earlier than announced. Only an administrator may do that, with the reason in the note.")
            raise ValidationError(said % new.title)


def is_administrator(name):
    user = get_user_model().objects.filter(username=name).first() if name else None
    return user is not None and roles.role(user) == roles.ADMINISTRATOR


def machine(instant, day):
    """`2026-07-10T22:00Z` of an instant, `2026-07-10` of a day, nothing of neither."""
    return f"{instant:%Y-%m-%dT%H:%MZ}" if instant else day.isoformat() if day else ""


@register
class PublishedSubmissionKind(ListedKind, Searched):
    draft = PublishedSubmission
    edition = PublishedSubmissionEdition
    section = SECTION
    home = HOME
    rows = submissions
    pattern = re.compile(rf"{HOME}{SLUG}/submissions/(?P<submission_number>[1-9][0-9]{{0,5}})/\Z", re.ASCII)
    template = "calls/submission.html"

    def serves(self, path, moment):
        return False

    def words(self, edition):
        return (edition.name, edition.organisation, edition.country)

    def target(self, row, moment):
        return Target(row.thing_id, self.name, f"{row.title} ({row.call.title})", row.path, language=row.language)

    def former(self, path, moment):
        """The row of the submission whose call had the address at another time."""
        match = self.pattern.match(path)
        if not match:
            return None
        call = CallKind().former(f"{HOME}{match['slug']}/", moment)
        number = int(match["submission_number"])
        rows = self.rows(moment).of(call.thing_id) if call else ()
        return next((row for row in rows if row.submission_number == number and row.path != path), None)

    def address(self, draft, moment):
        host = calls(moment).by_thing.get(draft.of_call_id)
        return f"{host.path}submissions/{draft.submission_number}/" if host and not host.is_gone else None

    def check_record(self, things, since):
        """Beside addresses of their own they have a call that is public, and the numbers of its submissions have no gap."""
        super().check_record(things, since)
        own = self.edition.objects.live_from_on(since, **{} if things is None else {"thing__in": things}).defer(*self.edition.bodies())
        for edition in own:
            at = max(edition.live_from, since)
            if not CallEdition.objects.in_force(at).filter(thing=edition.of_call_id).exists():
                raise refusal(_("The call of “%s” has not been published") % edition.title, at)
        for call in {edition.of_call_id for edition in own}:
            numbers = set(self.edition.objects.filter(of_call=call).values_list("submission_number", flat=True))
            if missing := set(range(1, max(numbers))) - numbers:
                raise ValidationError(_("Submissions are numbered without gaps: the next one is number %d.") % min(missing))
