"""Pages of a list: `?page=2`."""

import re

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z", re.ASCII)


def page_of(request, entries, size):
    """The page of the entries that the request asks for. Raises Http404 for what is no page."""
    asked = request.GET.get("page", "1")
    if not NUMBER.match(asked):
        raise Http404
    try:
        return Paginator(entries, size).page(int(asked))
    except EmptyPage as error:
        raise Http404 from error
