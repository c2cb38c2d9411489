"""Kinds: bodies, meetings and terms of office, as the other apps know them."""

import re
from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bodies import holders
from bodies.asked import asked
from bodies.lists import bodies, meetings, offices
from bodies.models import (
    BOARD,
    BodyEdition,
    BodyMeeting,
    CDMBody,
    MeetingEdition,
    Office,
    OfficeEdition,
)
from bodies.roles import Role
from markup.rendering import escape_markdown, links_in
from publishing.clashes import claimed_twice, refusal
from publishing.dates import Precision, instant
from publishing.kinds import Kind, Searched, Target, register
from publishing.listing import ListedKind
from publishing.occasions import folded, name_in

SUBSCRIPTION = re.compile(
    r"/(?:executive-board|panels(?:/(?P<slug>(?!(?:history|timemap|preview|meetings|feed)/)[-\w]{1,80}))?)/"
    r"(?:calendar\.ics|feed/(?:atom|rss|json)/)\Z",
    re.ASCII,
)
# Roles of which a body has one seat, whether its list of seats says so or not.
SINGLE = {Role.CHAIR, Role.VICE_CHAIR, Role.EXECUTIVE_SECRETARY}


@register
class BodyKind(ListedKind, Searched):
    draft = CDMBody
    edition = BodyEdition
    section = "Panels / Working Groups / Teams"
    home = "/panels/"
    rows = bodies
    pattern = re.compile(r"/panels/(?P<slug>(?!(?:history|timemap|preview|meetings|feed)/)[-\w]{1,80})/\Z", re.ASCII)
    template = "bodies/body.html"

    def turns(self, edition):
        """A seat is vacant only while there is the body."""
        is_known = edition.dissolved and edition.dissolved_precision == Precision.DAY
        return [("dissolved", instant(edition.dissolved))] if is_known else []

    def serves(self, path, moment):
        return path == self.home and bool(self.rows(moment).live)

    def words(self, edition):
        return (edition.short, *edition.aliases)

    def names(self, edition):
        return edition.names

    def day(self, edition):
        return edition.live_from.date()

    def check_record(self, things, since):
        """No two bodies share an address or a name, and none stands above itself."""
        near = list(self.edition.objects.live_from_on(since).defer(*self.edition.bodies()))
        for one, other, claim, at in claimed_twice(near, self.claims, since, things):
            said = {"label": one.name, "other": other.name, "claim": claim[1]}
            raise refusal(_("“%(label)s” and “%(other)s” would both be known as “%(claim)s”") % said, at)
        parents = {edition.thing_id: edition.parent_id for edition in near}
        for edition in near:
            above = {edition.thing_id}
            thing = edition.parent_id
            while thing is not None and thing not in above:
                above.add(thing)
                thing = parents.get(thing)
            if thing is not None and (things is None or not above.isdisjoint(things)):
                raise ValidationError(_("“%s” would stand above itself.") % edition.name)

    def claims(self, edition):
        return {("address", edition.slug)} | {("name", folded(name)) for name in edition.names if folded(name)}


@register
class MeetingKind(ListedKind, Searched):
    draft = BodyMeeting
    edition = MeetingEdition
    section = gettext_lazy("Meetings")
    home = "/executive-board/"
    rows = meetings
    pattern = re.compile(
        r"/(?:executive-board|panels/(?P<body>(?!(?:history|timemap|preview|meetings|feed)/)[-\w]{1,80}))/meetings/"
        r"(?P<slug>(?!(?:history|timemap|preview|meetings|feed)/)[-\w]{1,60})/\Z",
        re.ASCII,
    )
    template = "bodies/meeting.html"
    is_numbered = True

    def turns(self, edition):
        """It begins and ends by the clock, as far as its days are known, and so do the terms of office that it bounds."""
        return list(edition.turning())

    def serves(self, path, moment):
        """The Board's section, and what may be subscribed to."""
        if path == self.home:
            return bodies(moment).board is not None
        match = SUBSCRIPTION.match(path)
        if not match:
            return False
        if path.startswith(self.home) or match["slug"]:
            return (match["slug"] or BOARD) in bodies(moment).by_slug
        return bool(bodies(moment).live)

    def markdown(self, content):
        """The text as Markdown, with what the page says of the meeting and what it decided."""
        facts = {
            _("Dates"): content.shown_date,
            _("Place"): content.where,
            _("Status"): content.get_status_display() if content.status_reason else "",
            _("Why"): content.status_reason,
            _("Announced for"): content.announced_for,
            _("Source"): ", ".join(filter(None, (content.source_title, content.source_url))),
        }
        lines = "\n".join(f"- {name}: {escape_markdown(value)}" for name, value in facts.items() if value)
        points = [f"{point.number}. {point.text}" + (f" ({point.source})" if point.source else "") for point in content.parsed_points]
        decided = [f"## {_('Decided')}", "\n".join(points)] if points else []
        parts = [f"# {escape_markdown(content.title)}", lines, content.summary, *decided, content.body]
        return "\n\n".join(part.strip() for part in parts if part)

    def words(self, edition):
        return (edition.designation, edition.place, edition.country)

    def names(self, edition):
        return (edition.title,)

    def search_summary(self, edition):
        return edition.in_short

    def named(self, words, moment):
        """The id of the one meeting whose name the words begin with, such as `EB 47, Bonn`; None for none and for several."""
        return self.rows(moment).by_name.get(name_in(words))

    def asked(self, typed, moment):
        return asked(typed, moment)

    def addresses_linked(self, content):
        texts = [text for point in content.parsed_points for text in (point.text, point.source)]
        return links_in("\n\n".join([content.body, *texts]))

    def former(self, path, moment):
        """The row of the meeting that had the address at another time, by the address or the body that it had then."""
        match = self.pattern.match(path)
        if not match:
            return None
        until = max(moment.now, moment.at)
        slug = match["body"] or "executive-board"
        hosts = set(BodyEdition.objects.ever_in_force(slug=slug).filter(live_from__lte=until).values_list("thing_id", flat=True))
        earlier = self.edition.objects.ever_in_force(slug=match["slug"]).filter(of_body__in=hosts, live_from__lte=until)
        by_thing = self.rows(moment).by_thing
        rows = (by_thing.get(thing) for thing in earlier.order_by("-number").values_list("thing_id", flat=True))
        return next((row for row in rows if row and row.path != path), None)

    def check_record(self, things, since):
        """No two meetings of a body share an address or a number, and each has a body to be read."""
        own = list(
            self.edition.objects.live_from_on(since, **{} if things is None else {"thing__in": things}).defer(*self.edition.bodies())
        )
        numbers = self.edition.objects.numbers_with(of_body__in={edition.of_body_id for edition in own})
        near = self.edition.objects.live_from_on(since, number__in=numbers).defer(*self.edition.bodies()) if things else own
        for one, other, claim, at in claimed_twice(near, self.claims, since, things):
            said = _("“%(label)s” and “%(other)s” would both be known as “%(claim)s” in their body")
            raise refusal(said % {"label": one.label, "other": other.label, "claim": claim[2]}, at)
        for edition in own:
            at = max(edition.live_from, since)
            if not BodyEdition.objects.in_force(at).filter(thing=edition.of_body_id).exists():
                raise refusal(_("The body of “%s” has not been published") % edition.label, at)

        if things:
            bounded = OfficeEdition.objects.live_from_on(since).filter(Q(start_meeting__in=things) | Q(end_meeting__in=things))
            if terms := set(bounded.values_list("thing_id", flat=True)):
                OfficeKind().check_record(terms, since)

    def claims(self, edition):
        claimed = {("address", edition.of_body_id, edition.slug)}
        return claimed | ({("number", edition.of_body_id, folded(edition.designation))} if folded(edition.designation) else set())


@register
class OfficeKind(Kind):
    """Terms of office stand on the page of their body."""

    draft = Office
    edition = OfficeEdition

    def turns(self, edition):
        """The days between which it began and ended, by what it tells itself; the meetings that bound it turn by themselves."""
        days = asdict(holders.span_of(edition, {})).items()
        return [(name, instant(day)) for name, day in days if day not in {date.min, date.max}]

    def place(self, content, moment):
        host = bodies(moment).by_thing.get(content.of_body_id)
        return f"{host.home}#officers" if host and not host.is_gone else ""

    def targets(self, things, moment):
        by_thing = offices(moment).by_thing
        found = {thing: self.place(by_thing[thing], moment) for thing in things if thing in by_thing}
        return {thing: Target(thing, self.name, by_thing[thing].title, place) for thing, place in found.items() if place}

    def address(self, draft, moment):
        host = bodies(moment).by_thing.get(draft.of_body_id)
        return host.home if host and not host.is_gone else None

    def check_record(self, things, since):
        """A single seat has one holder a day, and nobody has one seat twice, as far as days are known."""
        near = list(self.edition.objects.live_from_on(since))
        bounding = {thing for term in near for thing in (term.start_meeting_id, term.end_meeting_id) if thing}
        met = {row.thing_id: row for row in MeetingEdition.objects.live_from_on(since, thing__in=bounding).order_by("live_from")}
        for one, other, _seat, at in claimed_twice(near, self.claims, since, things):
            if clash(one, other) and holders.overlap(one, other, met):
                said = _("“%(one)s” and “%(other)s” would hold one seat at the same time, by the days that are given")
                raise refusal(said % {"one": one.title, "other": other.title}, at)

    def claims(self, term):
        return {(term.of_body_id, term.role, term.post)}


def clash(one, other):
    """Whether two terms of one seat cannot run at once: there is a single seat, or it is one person."""
    return one.role in SINGLE or one.whose == other.whose
