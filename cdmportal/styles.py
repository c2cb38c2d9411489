"""Page for staff that shows every component of the public pages in its states."""

from django.contrib.admin.views.decorators import staff_member_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from markup.diff import words_changed

COLOURS = "paper soft line edge ink muted link visited brand accent area moment past focus inserted deleted marked".split()
FACETS = [
    {
        "label": "Class",
        "choices": [
            {"label": "Decisions", "count": 15, "address": "#facets", "is_chosen": True},
            {"label": "Procedures", "count": 4, "address": "#facets", "is_chosen": False},
            {"label": "Clarifications", "count": 0, "address": "#facets", "is_chosen": False},
        ],
    },
    {"label": "Year", "choices": [{"label": "2005", "count": 8, "address": "#facets", "is_chosen": False}]},
]
CHIPS = [{"label": "Class: Decisions", "address": "#chips"}, {"label": "Year: 2005", "address": "#chips"}]
BEFORE = "A line that stays.\n" * 8 + "The limit is 8 kilotonnes a year."
AFTER = "A line that stays.\n" * 8 + "The limit has been raised to 16 kilotonnes a year."


@never_cache
@staff_member_required
@require_safe
def styles(request):
    pages = Paginator(range(95), 10)
    return render(
        request,
        "styles/styles.html",
        {
            "colours": COLOURS,
            "facets": FACETS,
            "chips": CHIPS,
            "all_address": "#chips",
            "pieces": words_changed(BEFORE, AFTER),
            "site_notices": [{"title": "The portal is read-only on Sunday", "text": "From 08:00 to 09:00 UTC."}],
            "lists": [pages.page(1), pages.page(4), pages.page(10)],
        },
    )
