"""Pasted formats: HTML from the clipboard becomes Markdown for the text field, with words about what did not arrive."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from markup.pasting.child import convert
from markup.pasting.paste import TooMuch
from publishing.roles import Can, can


def paste(request):
    """The Markdown of pasted HTML as JSON; the text field puts it in. `note` numbers the first note, `line` asks for one line."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    note = request.POST.get("note", "")
    options = {"first_note": int(note) if note.isascii() and note.isdigit() and len(note) < 5 else 1, "one_line": "line" in request.POST}
    try:
        found = convert(request.POST.get("html", ""), hosts=own_hosts(request), **options)
    except TooMuch as error:
        return JsonResponse({"error": f"{too_much(str(error))} {_('Only its words were pasted.')}"})
    if found.is_plain:
        return JsonResponse({"plain": True})
    return JsonResponse({"markdown": found.markdown, "said": " ".join(said(found))})


def own_hosts(request):
    """Hosts whose addresses are ours: links to them are written from the root, so that they follow when a thing moves."""
    return sorted({request.get_host().lower(), urlsplit(settings.SITE_ADDRESS).netloc.lower()})


def too_much(bound):
    """Why a text cannot be converted, in a sentence."""
    return {
        "cells": _("A table in it has more than 5,000 cells: a file with the table is better."),
        "depth": _("It is nested more than a hundred deep."),
        "length": _("It is longer than two million characters."),
        "file": _("This is not a Word document that can be read."),
    }.get(bound) or _("It took too long to be read.")


def said(found):
    """Sentences about what was left out or changed, with counts."""
    counts = found.left_out
    parts = [words(counts[name]) for name, words in LEFT_OUT.items() if counts.get(name)]
    if parts:
        yield _("Left out: %s.") % ", ".join(parts)
    if counts.get("pictures") or counts.get("outside"):
        yield _("Insert pictures with “Picture…”.")
    if number := counts.get("joined"):
        yield ngettext("%d joined cell was taken apart.", "%d joined cells were taken apart.", number) % number
    if found.may_hold_deleted:
        yield _("If changes were being recorded, deleted words may be in it; the .docx put in by “Document or table…” is safe from that.")


LEFT_OUT = {
    "deleted": lambda number: ngettext("%d deletion", "%d deletions", number) % number,
    "comments": lambda number: ngettext("%d comment", "%d comments", number) % number,
    "hidden": lambda number: ngettext("%d hidden text", "%d hidden texts", number) % number,
    "margins": lambda number: ngettext("%d header or footer", "%d headers and footers", number) % number,
    "fields": lambda number: ngettext("%d form field", "%d form fields", number) % number,
    "scripts": lambda number: ngettext("%d script", "%d scripts", number) % number,
    "outside": lambda number: ngettext("%d picture of another site", "%d pictures of other sites", number) % number,
    "pictures": lambda number: (
        ngettext("%d picture that was not copied with it", "%d pictures that were not copied with it", number) % number
    ),
}
