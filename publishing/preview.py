"""Preview of a draft where its thing will stand: the public view of the address gets the draft instead of what is live there."""

from copy import copy

from django.http import QueryDict
from django.urls import resolve

from publishing.addresses import address_of


def show(request, draft, path):
    """The answer of the public view at the root-relative `path`, which finds the draft as `request.draft`."""
    public = copy(request)
    public.method = "GET"
    public.GET, public.POST = QueryDict(), QueryDict()
    public.path_info, public.path = path, address_of(path)
    public.draft = draft
    public.resolver_match = match = resolve(path)
    response = match.func(public, *match.args, **match.kwargs)
    return response if getattr(response, "is_rendered", True) else response.render()


def drafted(request, model):
    """The draft of this model that the request is to show instead of what is live, or None. Visitors' requests never bear one."""
    draft = getattr(request, "draft", None)
    return draft if isinstance(draft, model) else None
