"""What the pages of statistics have in common."""

from datetime import date

from registry.days import shown_day
from registry.stat_tables import HEADINGS
from registry.statistics import BREAKDOWNS, source_of


def frame(registry):
    """What the page of all statistics and that of one breakdown have in common."""
    return {
        "registry": registry,
        "until": date.fromordinal(registry.totals()[1]),
        "as_of": shown_day(registry.table.as_of),
        "breakdowns": [*breakdowns(registry), *([] if registry.is_sample else HEADINGS.items())],
        "source": source_of(registry),
    }


def breakdowns(registry):
    return [(name, heading) for name, (heading, _column) in BREAKDOWNS.items() if name == "year" or not registry.is_sample]
