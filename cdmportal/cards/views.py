"""The files of cards, as they were drawn."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cdmportal.cards.shelf import folder


@require_safe
def card(_request, name):
    try:
        content = (folder() / name).read_bytes()
    except FileNotFoundError as problem:
        raise Http404 from problem
    return HttpResponse(content, content_type="image/png", headers={"Cache-Control": "public, max-age=31536000, immutable"})
