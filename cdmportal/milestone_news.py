"""Milestones of the registry as drafts of news: nothing is published, and what an editor has had a word in stays.

Each draft is a file in the form of the shipped content, offered to the record as that of a new release is (publishing/release_files.py):
asked again, nothing is made twice, and what editors have changed, published, deleted or withdrawn is left and named.
"""

from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import frontmatter
from django.utils.text import slugify

from news.models import NewsItem
from news.topics import Topic
from publishing import release_files
from publishing.release_files import LEFT, Outcome
from registry import milestones as of
from registry.addresses import activity_path
from registry.charts import in_prose
from registry.days import long_day
from registry.parties import party

KIND = NewsItem.KIND
PREFIX = "milestone-"  # of the keys of the drafts made here
SOURCE = "UNFCCC registry data"
MOST_NAMED = 5


def offer(registry, milestones):
    """Make drafts of IssuanceMilestones; return an Outcome of each. A day of which other news tell of issuance already is left alone."""
    told = {(item.date, item.key): item for item in NewsItem.objects.all()}
    others = {day: item for (day, key), item in told.items() if Topic.ISSUANCE in item.topics and not key.startswith(PREFIX)}
    wanted = [one for one in milestones if one.day not in others]
    own = {item.key: item for (_day, key), item in told.items() if key.startswith(PREFIX)}
    left = [
        Outcome(f"{KIND}/{key_of(one)}", LEFT, title_of(one), long_day(one.day), f"on that day there is “{others[one.day].title}”")
        for one in milestones
        if one.day in others
    ]
    with TemporaryDirectory() as folder:
        for one in wanted:
            write(Path(folder), registry, one, own.get(key_of(one)))
        return [*release_files.offer(folder), *left]


def key_of(one):
    return PREFIX + slugify(one.name.replace("/", " "))


def write(folder, registry, one, stored):
    """Write the file of a milestone. A draft that was made of an earlier release keeps that as its source."""
    path = folder / KIND / key_of(one) / f"{one.day}.md"
    path.parent.mkdir(parents=True)
    source = stored.source_title if stored and stored.source_title.startswith(SOURCE) else source_of(registry)
    fields = {
        "live_from": datetime.combine(one.day, time.min, UTC),
        "date": one.day,
        "precision": "day",
        "title": title_of(one),
        "slug": key_of(one).removeprefix(PREFIX),
        "summary": summary_of(one),
        "topics": [Topic.MILESTONES.value, Topic.ISSUANCE.value],
        "source_title": source,
        "note": "Computed from the registry data.",
    }
    path.write_text(frontmatter.dumps(frontmatter.Post(body_of(registry, one), **fields)), encoding="utf-8")


def source_of(registry):
    day = long_day(registry.release.as_of) if registry.release else "3 November 2023, as facts that this portal ships"
    return f"{SOURCE}, release of {day}; computed by this portal"


TITLES = {
    of.FIRST: "First CERs issued",
    of.CERS: "{words} CERs issued",
    of.ACTIVITY: "{one.value:,}th activity with CERs",
    of.ISSUANCE: "{one.value:,}th issuance of CERs",
    of.NTH_PARTY: "{one.value}th host Party with CERs",
    of.PARTY: "First CERs for {words}",
    of.TYPE: "First CERs for the type “{one.value}”",
    of.PROGRAMME: "First CERs for a programme of activities",
    of.PERIOD: "First CERs of the second commitment period",
}


def title_of(one):
    words = party(one.value).name if one.sort == of.PARTY else in_prose(one.value) if one.sort == of.CERS else ""
    return TITLES[one.sort].format(one=one, words=words)


def summary_of(one):
    if one.issued:
        return f"{sum(cers for _place, cers in one.issued):,} certified emission reductions are issued on {long_day(one.day)}."
    return f"Reached on {long_day(one.day)}, when the running total of certified emission reductions is {one.totals.cers:,}."


def body_of(registry, one):
    parts = []
    if one.issued:
        rows = registry.activities([place for place, _cers in one.issued[:MOST_NAMED]])
        named = [line_of(row, cers) for row, (_place, cers) in zip(rows, one.issued, strict=False)]
        more = len(one.issued) - len(named)
        parts.append("\n".join([*named, *([f"- and {more} more issuances on that day"] if more else [])]))
    if one.totals:
        totals = one.totals
        activities, parties = f"{totals.activities:,}", f"{totals.parties:,} host {'Party' if totals.parties == 1 else 'Parties'}"
        parts.append(
            f"By the end of the day the total stands at {totals.cers:,} certified emission reductions, in {totals.issuances:,} "
            f"issuances to {activities} activities in {parties}."
        )
    parts.append(f"Computed by this portal. {source_of(registry).partition(';')[0]}.")
    return "\n\n".join(parts)


def line_of(row, cers):
    words = f"{'programme' if row.kind == 'PoA' else 'project'} {row.reference}" if row.reference else row.title
    return f"- {cers:,} to [{words}]({activity_path(row)})"
