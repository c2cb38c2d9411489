"""What the pages of bodies and meetings show, apart from how they look."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from bodies.holders import DAY, holders, shown_end, shown_start, span_of
from bodies.lists import bodies, meetings, offices
from bodies.models import CDMBody, Office
from bodies.roles import Role
from bodies.sittings import told
from publishing.occasions import papers_of
from publishing.preview import drafted

# So many meetings stand in a body's table, unless there are just a few more.
SHOWN, MOST_SHOWN = 10, 20


@dataclass(frozen=True)
class Officer:
    """A term as a page shows it."""

    name: str
    party: str
    words: str
    source_title: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class HeldPost:
    """One role of a body on a day: who held it, or what is said where nobody is named."""

    label: str
    officers: list
    words: str = ""
    last: Officer | None = None


@dataclass(frozen=True)
class YearRow:
    """A role's holders in a year, or in years of which nothing is known; `words` stand where nobody is named."""

    years: str
    names: list = field(default_factory=list)
    words: str = ""


class BodyPage:
    """A body, given by its edition or draft, with its meetings and officers at the moment of a request."""

    def __init__(self, request, content):
        self.request, self.moment, self.content = request, request.moment, content
        self.thing = content.thing_id
        self.list = meetings(self.moment)

    @cached_property
    def meetings(self):
        return self.list.of(self.thing)

    @cached_property
    def newest_first(self):
        return list(reversed(self.meetings))

    @property
    def years(self):
        """(year, meetings) with the newest first, for the picker; meetings without a year come last."""
        found = {}
        for row in self.newest_first:
            found.setdefault(str(row.year) if row.year else _("Year not known"), []).append(row)
        return list(found.items())

    @property
    def shown(self):
        """The meetings of the table: the latest, or all of them where `?all=1` asks for them or few more are left."""
        is_all = self.request.GET.get("all") == "1" or len(self.meetings) <= MOST_SHOWN
        return self.newest_first if is_all else self.newest_first[:SHOWN]

    @property
    def calendar(self):
        return f"{self.content.home}calendar.ics"

    @property
    def feed(self):
        return f"{self.content.home}feed/atom/"

    @cached_property
    def under_way(self):
        return [row for row in self.meetings if row.is_under_way(self.moment.at)]

    @cached_property
    def next(self):
        """The meeting that is under way, else the one to come that ends first, or None."""
        coming = self.under_way or [row for row in self.meetings if row.is_to_come(self.moment.at)]
        return min(coming, key=lambda row: (row.ends, row.thing_id), default=None)

    @cached_property
    def last(self):
        """The meeting that ended last, as far as its days are known, or None."""
        held = [row for row in self.meetings if row.is_held(self.moment.at)]
        return max(held, key=lambda row: (row.ends, row.ordinal or 0, row.thing_id), default=None)

    # Officers

    @cached_property
    def terms(self):
        own, draft = offices(self.moment).of(self.thing), drafted(self.request, Office)
        if draft and draft.of_body_id == self.thing:
            own = sorted([*(term for term in own if term.thing_id != draft.pk), draft], key=lambda term: term.order)
        return own

    @cached_property
    def seats(self):
        """(role, post) of the body's seats, and of the terms that name another."""
        named = [(seat.role, seat.post) for seat in self.content.parsed_seats] + [(term.role, term.post) for term in self.terms]
        return sorted(dict.fromkeys(named), key=lambda seat: (Role.values.index(seat[0]), seat[1]))

    def officer(self, term):
        words = ", ".join(filter(None, (shown_start(term, self.list.by_thing), shown_end(term, self.list.by_thing))))
        return Officer(term.person, term.on_behalf_of, words, term.source_title, term.source_url)

    def label(self, role, post):
        name = str(Role(role).label)
        return f"{name}, {post}" if post else name

    @cached_property
    def posts(self):
        """The HeldPosts on the day of the moment."""
        return [self.post(role, post) for role, post in self.seats if self.terms] if self.terms else []

    def post(self, role, post):
        day, met = self.moment.at.date(), self.list.by_thing
        found = holders(self.content, role, day, self.terms, met, post)
        begun = [term for term in self.terms if (term.role, term.post) == (role, post) and span_of(term, met).began_by <= day]
        last = max(begun, key=lambda term: span_of(term, met).began_by, default=None)
        is_silent = not found.people and not found.is_vacant
        return HeldPost(
            self.label(role, post),
            [self.officer(term) for term in found.people],
            found.words,
            self.officer(last) if is_silent and last else None,
        )

    @cached_property
    def posts_by_year(self):
        """(label of a role, YearRows), the latest first, from the first year to the last that a term tells of by the moment.

        What holds on is told as such, so that the list turns with the terms and not with each new year.
        """
        return [(self.label(role, post), self.year_rows(role, post)) for role, post in self.seats if self.own_years(role, post)]

    def own_years(self, role, post):
        """(year, names) for each year that is told of, with the names of those who held the seat on some day of it."""
        met, until = self.list.by_thing, self.moment.at.date()
        spans = [(term, span_of(term, met)) for term in self.terms if (term.role, term.post) == (role, post)]
        spans = [(term, span) for term, span in spans if span.began_by <= until]
        if not spans:
            return []
        ends = [span.ended_from - DAY for _term, span in spans if span.ended_from <= until]
        years = [day.year for day in (*ends, *(span.began_by for _term, span in spans))]
        told = range(min(years), max(years) + 1)
        return [(year, [self.named(term) for term, span in spans if touches(span, year, until)]) for year in told]

    @staticmethod
    def named(term):
        return f"{term.person} ({term.on_behalf_of})" if term.on_behalf_of else term.person

    def year_rows(self, role, post):
        years, rows = self.own_years(role, post), []
        for year, names in reversed(years):
            if not names and rows and not rows[-1].names:
                rows[-1] = YearRow(f"{year}–{rows[-1].years.rpartition('–')[2]}")
            else:
                rows.append(YearRow(str(year), names))
        since = self.since(role, post, years[-1][0])
        return [since, *(rows[1:] if since.names and since.names == rows[0].names else rows)]

    def since(self, role, post, year):
        """The row of what has held since the last year that is told of."""
        found = holders(self.content, role, self.moment.at.date(), self.terms, self.list.by_thing, post)
        names = [self.named(term) for term in found.people]
        return YearRow((_("since %d") if names else _("after %d")) % year, names, found.words)

    # Around it

    @cached_property
    def parent(self):
        host = bodies(self.moment).by_thing.get(self.content.parent_id)
        return host if host and not host.is_gone else None

    @property
    def below(self):
        return bodies(self.moment).below(self.thing)

    @property
    def follows(self):
        return bodies(self.moment).live_ones(self.content.follows)

    @property
    def followed_by(self):
        return [row for row in bodies(self.moment).live if self.thing in row.follows]


def touches(span, year, until):
    """Whether a term held for certain on some day of a year, up to a day."""
    first, after = date(year, 1, 1), min(date(year + 1, 1, 1), until + timedelta(days=1))
    return max(span.began_by, first) < min(span.ended_from, after)


class MeetingPage:
    """A meeting, given by its edition or draft."""

    def __init__(self, request, content):
        self.moment, self.content, self.list = request.moment, content, meetings(request.moment)
        known = bodies(self.moment).by_thing.get(content.of_body_id)
        content.host = known or CDMBody.objects.filter(pk=content.of_body_id).first()
        self.host = content.host

    @property
    def state(self):
        return self.content.state_at(self.moment.at)

    @property
    def joint(self):
        return bodies(self.moment).live_ones(self.content.joint_with)

    @property
    def sittings(self):
        """(days, time in the zone, the same in UTC, the sitting) of each sitting."""
        return [(*told(sitting, self.content.clock), sitting) for sitting in self.content.parsed_sittings]

    def other(self, thing):
        row = self.list.by_thing.get(thing)
        return row if row and not row.is_gone else None

    @property
    def moved_to(self):
        return self.other(self.content.moved_to_id)

    @property
    def instead_of(self):
        return self.other(self.content.instead_of_id)

    @cached_property
    def papers(self):
        """(heading, Papers) of what belongs to it, as the other rooms tell."""
        thing, known = self.content.thing_id, self.list.by_name
        return papers_of(thing, {name for name in self.content.folded_names if known.get(name) == thing}, self.moment)

    @property
    def neighbours(self):
        return self.list.beside(self.content)

    @property
    def body_is_live(self):
        return bool(self.host) and not self.host.is_gone and not isinstance(self.host, CDMBody)
