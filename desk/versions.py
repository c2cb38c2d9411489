"""Views of a draft's versions: one to read, comparisons with each other and with editions, taking back. `desk` is the ThingAdmin."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from desk import comparison
from desk.restoring import put_back
from publishing import draft_versions
from publishing.models import How, Thing
from publishing.roles import Can, can

SIDE = re.compile(r"(?P<kind>version|edition)-(?P<number>\d{1,9})\Z", re.ASCII)


def version_and_draft(desk, pk, version):
    """(version, the draft as it was saved then), for those who may read the draft now."""
    found = draft_versions.open_version(desk.model, pk, version)
    if found is None:
        raise Http404
    return found


def version(desk, request, pk, version):
    """One version of a draft, to read."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    saved, then = version_and_draft(desk, pk, version)
    context = {"fields": comparison.field_texts(then, request.user), "may_write": can(request.user, Can.WRITE, draft)}
    before = draft_versions.for_thing(pk).filter(number__lt=version).first()
    context |= {"version": saved, "changes": comparison.changes(draft, then, request.user), "before": before}
    return desk.page(request, "version", _("Version %(number)s of “%(title)s”") % {"number": version, "title": draft}, draft, **context)


def side(desk, pk, draft, name):
    """(words, content) of one of the two that are compared: `version-3`, `edition-12`, or the draft as it is saved."""
    if name == "draft":
        return _("the draft as it is saved"), draft
    match = SIDE.match(name)
    number = int(match["number"]) if match else 0
    if match and match["kind"] == "version" and (found := draft_versions.open_version(desk.model, pk, number)):
        words = _("version %(number)s, saved by %(name)s on %(day)s UTC")
        return words % {"number": number, "name": found[0].author or "–", "day": f"{found[0].made:%d %B %Y %H:%M}"}, found[1]
    if match and match["kind"] == "edition" and (found := [e for e in desk.editions(pk) if e.number == number and e.has_text]):
        return _("edition %(number)s, live from %(day)s UTC") % {"number": number, "day": f"{found[0].live_from:%d %B %Y %H:%M}"}, found[0]
    raise Http404


def difference(desk, request, pk):
    """The words changed between any two versions or editions: `?from=version-3&to=edition-12`, else between the last two versions."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    numbers = list(draft_versions.for_thing(pk).values_list("number", flat=True)[:2])
    names = [request.GET.get("from") or f"version-{numbers[-1] if numbers else 0}", request.GET.get("to") or "draft"]
    (old_words, old), (new_words, new) = (side(desk, pk, draft, name) for name in names)
    words = _("From %(old)s, to %(new)s.") % {"old": old_words, "new": new_words}
    title = _("Differences in “%s”") % draft
    return desk.page(request, "compare", title, draft, words=words, changes=comparison.changes(old, new, request.user))


def compare(desk, request, pk, number):
    """Comparison of an edition with the draft, or with `?to=<number>` another edition: the words changed."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    to = request.GET.get("to", "")
    old_words, old = side(desk, pk, draft, f"edition-{number}")
    new_words, new = side(desk, pk, draft, f"edition-{to}" if to.isascii() and to.isdigit() else "draft")
    words = _("From %(old)s, to %(new)s.") % {"old": old_words, "new": new_words}
    title = (
        _("Editions %(number)s and %(to)s") % {"number": number, "to": to} if new is not draft else _("Edition %d and the draft") % number
    )
    return desk.page(request, "compare", title, draft, words=words, changes=comparison.changes(old, new, request.user))


def leave_what_is_gone(draft, then):
    """Give an earlier version the draft's own relations where those that it names are gone; returns the labels of these fields."""
    fields = [field for field in draft.content_fields() if isinstance(field, models.ForeignKey) and getattr(then, field.attname)]
    there = set(Thing.objects.filter(pk__in=[getattr(then, field.attname) for field in fields]).values_list("pk", flat=True))
    gone = [field for field in fields if getattr(then, field.attname) not in there]
    for field in gone:
        setattr(then, field.attname, getattr(draft, field.attname))
    return [str(field.verbose_name) for field in gone]


def take_back(desk, request, pk, version):
    """Put an earlier version into the draft, as a new version by who does it, after a look at what that changes."""
    draft = desk.draft(request, pk, Can.WRITE)
    saved, then = version_and_draft(desk, pk, version)
    gone = leave_what_is_gone(draft, then)

    def write():
        draft.put_content(draft_versions.content(type(draft), draft_versions.state(then)))
        draft.full_clean()
        if not draft.save_if_unchanged(draft.version, user=request.user, how=How.TAKE_BACK, origin=version):
            raise ValidationError(_("The draft was saved meanwhile."))

    if request.method == "POST" and put_back(desk, request, draft, then, write, _("version %d") % version):
        if gone:
            messages.info(request, _("Not taken back, as what it named is gone: %s.") % ", ".join(gone))
        return redirect(desk.address("change", pk))
    title = _("Take back version %(number)s of “%(title)s”") % {"number": version, "title": draft}
    context = {"version": saved, "changes": comparison.changes(draft, then, request.user), "last": draft_versions.for_thing(pk).first()}
    return desk.page(request, "restore", title, draft, **context)
