"""Preview of a draft where its thing will stand: the public view of the address gets the draft instead of what is live there."""

from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy

from django.http import QueryDict
from django.urls import resolve

from publishing.addresses import address_of

# Whose rights decide which drafts of pictures a preview shows; None on public pages.
_reader = ContextVar("reader of a preview", default=None)


@contextmanager
def reading_as(user):
    """Context in which texts show pictures that are not published yet, as far as the user may read their drafts."""
    before = _reader.set(user)
    try:
        yield
    finally:
        _reader.reset(before)


def reader():
    """The user for whom a preview is made, or None."""
    return _reader.get()


def show(request, draft, path):
    """The answer of the public view at the root-relative `path`, which finds the draft as `request.draft`.

    Under a share link `request.shared_by` is the person who made it, whose rights it has.
    """
    public = copy(request)
    public.method = "GET"
    public.GET, public.POST = QueryDict(), QueryDict()
    public.path_info, public.path = path, address_of(path)
    public.draft = draft
    public.resolver_match = match = resolve(path)
    with reading_as(getattr(request, "shared_by", request.user)):
        response = match.func(public, *match.args, **match.kwargs)
        return response if getattr(response, "is_rendered", True) else response.render()


def drafted(request, model):
    """The draft of this model that the request is to show instead of what is live, or None. Visitors' requests never bear one."""
    draft = getattr(request, "draft", None)
    return draft if isinstance(draft, model) else None
