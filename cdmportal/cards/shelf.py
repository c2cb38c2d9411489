"""Which cards there are, the folder that holds them, and the card of a page: looked up, never drawn, within a request.

A card's name holds a hash of what it shows, so it may be kept for good wherever it came to; what is no longer named stays for `KEPT`, as
pages that are kept elsewhere still name it.
"""

import json
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bodies.lists import meetings
from cdmportal.cards.card import Card
from documents.library import library
from news.archive import archive
from publishing.figures import Figures
from publishing.moment import Moment
from registry.charts import in_prose
from registry.curve import known_totals
from registry.days import long_day
from registry.moments import registry_at

FIRST = 2001  # the earliest year that a card of the past has: that of the first rules
KEPT = timedelta(days=90)
INDEX = "index.json"
CERS = gettext_noop("%(cers)s CERs, %(activities)s activities with CERs, %(parties)s host Parties")
# Title and line of figures of each card of now.
TITLES = {
    "home": (gettext_noop("Every project, every credit, every rule of the Clean Development Mechanism, on any date"), CERS),
    "page": (gettext_noop("The Clean Development Mechanism"), CERS),
    "news": (gettext_noop("CDM News"), gettext_noop("%(news)s news items since %(first_news)s")),
    "document": (gettext_noop("Reference / Documentation"), gettext_noop("%(documents)s documents: decisions, procedures, forms, tools")),
    "meeting": (gettext_noop("Bodies and their meetings"), gettext_noop("%(meetings)s meetings, with what they decided")),
    "activity": (gettext_noop("Project activities"), gettext_noop("%(activities)s activities with %(cers)s CERs")),
    "party": (gettext_noop("Host Parties"), gettext_noop("%(parties)s host Parties with %(cers)s CERs")),
    "methodology": (gettext_noop("Methodologies"), gettext_noop("The rules by which %(cers)s CERs were counted")),
    "issuance": (gettext_noop("Issuance of CERs"), gettext_noop("%(cers)s CERs in %(issuances)s issuances")),
    "statistics": (gettext_noop("CDM Statistics"), CERS),
}
# Views whose pages have another card than `page`, by the beginning of their names.
CARDS = {
    "home": "home",
    "timeline": "statistics",
    "executive_board": "meeting",
    "panels": "meeting",
    "bodies:": "meeting",
    "news:": "news",
    "documents:": "document",
    "registry:issuance": "issuance",
    "registry:method": "methodology",
    "registry:part": "party",
    "registry:p": "activity",
    "registry:activity": "activity",
    "registry:map": "activity",
    "registry:statistics": "statistics",
    "registry:compare": "statistics",
}


def wanted(moment):
    """The cards of now, one a type of page, and one for each year of the past, as the record is at the moment."""
    registry = registry_at(moment)
    known, first = known_totals(registry), date(FIRST, 1, 1).toordinal()
    totals, last = registry.totals()
    span, most = max(last - first, 1), totals.cers or 1

    def place(day, cers):
        return min(max(day - first, 0) * 1000 // span, 1000), cers * 1000 // most

    curve = tuple(place(day, cers) for day, cers in known)
    news = archive(moment).live
    figures = Figures(moment)
    told = {
        "cers": in_prose(totals.cers),
        "first_news": min((row.date.year for row in news), default=moment.at.year),
        "news": len(news),
        "documents": len(library(moment).live),
        "meetings": len(meetings(moment).live),
    } | {name: f"{figures[name].value:,}" for name in ("activities", "issuances", "parties")}
    end = long_day(date.fromordinal(last))
    cards = [
        Card(name, _(title), _(line) % told, end, place(last, totals.cers) if known else (0, 0), curve)
        for name, (title, line) in TITLES.items()
    ]
    for year in range(FIRST, moment.at.year + 1):
        before, middle = date(year - 1, 12, 31).toordinal(), date(year, 7, 1).toordinal()
        issued = registry.totals_by(min(before, last)).cers
        line = _("%(cers)s CERs issued before %(year)s") if issued else _("No CERs issued before %(year)s")
        title = _("The CDM as it stood in %(year)s") % {"year": year}
        there = place(middle, height(known, middle))
        cards.append(Card(f"in-{year}", title, line % {"cers": in_prose(issued), "year": year}, str(year), there, curve))
    return cards


def height(known, day):
    """CERs on the straight line between the known totals before and after a day."""
    before = max((row for row in known if row[0] <= day), default=None)
    after = min((row for row in known if row[0] > day), default=None)
    if before is None or after is None:
        return before[1] if before else 0
    return before[1] + (after[1] - before[1]) * (day - before[0]) // (after[0] - before[0])


def folder():
    return Path(settings.VAR_DIR) / "cards"


def draw_missing():
    """Draw the cards that the record of now wants and the folder lacks; returns how many. Safe beside another run."""
    from cdmportal.cards.drawing import png  # Pillow, which no answer needs

    shelf, cards = folder(), wanted(Moment())
    shelf.mkdir(parents=True, exist_ok=True)
    lacking = [card for card in cards if not (shelf / card.file_name).exists()]
    for card in lacking:
        write(shelf / card.file_name, png(card))
    write(shelf / INDEX, json.dumps({card.name: card.file_name for card in cards}).encode())
    named, old = {card.file_name for card in cards}, time.time() - KEPT.total_seconds()
    for file in shelf.iterdir():
        if file.suffix == ".png" and file.name not in named and file.stat().st_mtime < old:
            file.unlink(missing_ok=True)
    return len(lacking)


def write(path, content):
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def index():
    """File names by card; empty before the first were drawn."""
    try:
        with (folder() / INDEX).open("rb") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def card_of(view_name, moment):
    """The file name of a page's card: of the past that of the year, else that of its type; None where none was drawn."""
    names = index()
    if not moment.is_now:
        return names.get(f"in-{max(moment.at.year, FIRST)}")
    name = next((card for start, card in CARDS.items() if (view_name or "").startswith(start)), "page")
    return names.get(name)
