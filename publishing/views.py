"""Views of every public thing besides its page: history, differences, source in Markdown, TimeMap."""

from datetime import UTC, datetime
from functools import partial, wraps
from textwrap import indent

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from markup.block_diff import blocks_changed
from markup.diff import fields_changed
from markup.rendering import escape_markdown, safe_html
from publishing import kinds
from publishing.addresses import at_moment, canonical
from publishing.exports import markdown_answer, markdown_list
from publishing.field_text import as_text
from publishing.fields import MARKDOWN_FIELDS
from publishing.figures import in_source
from publishing.models import Action, Edition, Thing
from publishing.parameters import query_parameters
from publishing.tombstones import moved

BEGINNING = datetime.min.replace(tzinfo=UTC)


def leading_on(view):
    """View of what belongs to a thing; below a former address of the thing it redirects to where the same is now."""

    @wraps(view)
    def answer(request, address="", **given):
        path, moment = f"/{address}", request.moment
        is_list = "rows" in given or kinds.is_served(path, moment)
        if not is_list and kinds.owner(path, moment) is None and (present := kinds.former_address(path, moment)):
            return moved(request, present + request.path_info.removeprefix(path))
        return view(request, address=address, **given)

    return answer


def thing_at(request, address):
    """The thing whose address it is at the moment, withdrawn ones included. Raises Http404."""
    path = f"/{address}"
    thing = kinds.owner(path, request.moment)
    if thing is None:
        raise Http404
    return thing


def editions_until(thing, at):
    """The editions of a thing that had come into force by `at`, newest first."""
    editions = kinds.get(Thing.objects.values_list("kind", flat=True).get(pk=thing)).edition.objects
    return editions.ever_in_force().filter(thing=thing, live_from__lte=at).select_related("erased_by").order_by("-live_from", "-number")


@require_safe
@leading_on
def history(request, address="", is_source=False):
    """All editions of the thing at this address, with their public notes."""
    editions = list(editions_until(thing_at(request, address), request.moment.at))
    if not editions:
        raise Http404
    if is_source:
        return history_source(editions, address)
    first = next((edition for edition in reversed(editions) if has_text(edition)), None)
    context = {
        "path": f"/{address}",
        "editions": editions,
        "title": title_of(editions),
        "kind": kind_of(editions),
        "first": first,
        "title_language": getattr(editions[0], "language", ""),
    }
    return render(request, "publishing/history.html", context)


def title_of(editions):
    """The title of the newest edition that still has one."""
    return next((kinds.get(e.kind).title(e) for e in editions if has_text(e)), "")


def kind_of(editions):
    """The sort of thing whose editions they are, as a word within a sentence: “page”, “news item”."""
    return kinds.get(editions[0].kind).draft._meta.verbose_name


def history_source(editions, address):
    title = _("# History of the {kind} {title}").format(kind=kind_of(editions), title=escape_markdown(title_of(editions)))
    rows = ((f"{since(e)}: ", label_of(e), f"/{address}history/{e.number}/", " ".join(filter(None, (e.note, e.reason)))) for e in editions)
    return not_indexed(markdown_answer(title, markdown_list(rows)))


def since(edition):
    return f"{edition.live_from:%Y-%m-%d %H:%M} UTC"


def label_of(edition):
    """An edition's number and, in brackets, what the tags of the history page say."""
    tags = [edition.get_action_display()] if edition.action != Action.PUBLISH else []
    tags += [_("text erased")] if hasattr(edition, "erased_by") else []
    tags += [kinds.origin(edition)] if edition.imported else []
    tags += [_("minor")] if edition.minor else []
    name = _("Edition {number}").format(number=edition.number)
    return f"{name} ({', '.join(map(str, tags))})" if tags else name


def not_indexed(response):
    response["X-Robots-Tag"] = "noindex"
    return response


@query_parameters("against")
@require_safe
@leading_on
def difference(request, number, address="", is_source=False):
    """The words that one edition changed against the one before it, or against `?against=<number>`."""
    editions = list(editions_until(thing_at(request, address), request.moment.at))
    place = next((place for place, edition in enumerate(editions) if str(edition.number) == number), None)
    if place is None:
        raise Http404
    new, texts = editions[place], [edition for edition in editions if has_text(edition)]
    earlier = [edition for edition in editions[place + 1 :] if edition in texts]
    against = request.GET.get("against", "")
    old = next((edition for edition in texts if str(edition.number) == against), (earlier or [None])[0])
    shown = partial(as_text, moment=request.moment)
    context = {
        "path": f"/{address}",
        "title": title_of(editions),
        "kind": kind_of(editions),
        "title_language": getattr(new, "language", ""),
        "new": new,
        "old": old,
        "readable": new in texts,
        "changes": fields_changed(old, new, shown) if new in texts and old else [],
        "previous": (earlier or [None])[0],
        "following": next((edition for edition in reversed(editions[:place]) if edition in texts), None),
        "others": [edition for edition in texts if edition != new] if len(texts) > 2 and new in texts else [],
    }
    if is_source:
        return difference_source(context)
    context["changes"] = [(change, parts_of(change)) for change in context["changes"]]
    return render(request, "publishing/difference.html", context)


def parts_of(change):
    """Change of a Markdown text as readers see it, block by block; None for any other field."""
    return blocks_changed(safe_html(change.before), safe_html(change.after)) if change.name in MARKDOWN_FIELDS else None


def difference_source(context):
    """The words added in `{++ ++}`, those taken away in `{-- --}`, as CriticMarkup has them."""
    new, old = context["new"], context["old"]
    title = _("# What changed in the {kind} {title}").format(kind=context["kind"], title=escape_markdown(context["title"]))
    compared = f"{label_of(old)}, {since(old)}" if old else _("nothing: it is the first")
    span = f"{_('This edition')}: {label_of(new)}, {since(new)}\n{_('Compared with')}: {compared}"
    changes = [f"## {capfirst(_(change.label))}\n\n{indent(critic_markup(change.pieces), ' ' * 4)}" for change in context["changes"]]
    return not_indexed(markdown_answer(title, span, escape_markdown(new.note), *(changes or [nothing_changed(context)])))


def nothing_changed(context):
    if not context["readable"]:
        return _("This edition has no text that can be compared.")
    return _("The words are the same in both.") if context["old"] else _("Nothing was public before it, so nothing changed.")


def critic_markup(pieces):
    return "".join(f"{{++{p.text}++}}" if p.inserted else f"{{--{p.text}--}}" if p.deleted else p.text for p in pieces)


def has_text(edition):
    return edition.action == Action.PUBLISH and not hasattr(edition, "erased_by")


@require_safe
@leading_on
def source(request, address="", rows=None):
    """The text of the thing at this address in Markdown, as its editor wrote it but for figures, the list below it, and where and when it
    stands."""
    path = f"/{address}"
    listed = [] if rows is None else [_("## In this list"), in_source(markdown_list(rows), request.moment)]
    target = kinds.resolve(path, request.moment)
    if target is None and listed:  # a list is there before its section has a text
        return markdown_answer(*listed)
    if target is None or target.outside:
        raise Http404
    kind = kinds.get(target.kind)
    edition = kind.edition.objects.live(request.moment.at).get(thing=target.thing)
    origin = f"<{canonical(path)}>, edition {edition.number}, live from {edition.live_from:%Y-%m-%dT%H:%M:%SZ}"
    response = markdown_answer(in_source(kind.markdown(edition), request.moment), *listed, "---", origin)
    response["Link"] = f'<{canonical(path)}>; rel="canonical"'
    return response


def source_with(rows):
    """The view of a section's source whose list has the `rows(moment)` of `exports.markdown_list`."""
    return lambda request: source(request, request.path_info[1:].removesuffix("index.md"), rows=rows(request.moment))


def site_opened(moment):
    """First moment at which CDM Home, which leads to all else, was to be read; the beginning of time where there is none."""
    home = kinds.owner("/", moment)
    return Edition.objects.filter(thing=home).first_published(moment.at).get(home, BEGINNING)


@require_safe
@leading_on
def timemap(request, address=""):
    """The TimeMap of RFC 7089 in link format: a memento for each edition, of its first second in which there was a site around it."""
    thing = thing_at(request, address)
    path, opened = f"/{address}", site_opened(request.moment)
    # Addresses name seconds, so of several editions within one second only the last has an address.
    texts = reversed([edition for edition in editions_until(thing, request.moment.at) if has_text(edition)])
    moments = [max(edition.live_from, opened) for edition in texts if not edition.live_to or edition.live_to > opened]
    addresses = {at_moment(path, at): http_date(int(at.timestamp())) for at in moments}
    mementos = (f'<{address}>; rel="memento"; datetime="{when}"' for address, when in addresses.items())
    own = f'<{canonical(path)}timemap/>; rel="self"; type="application/link-format"'
    lines = [f'<{canonical(path)}>; rel="original"', own, *mementos]
    return HttpResponse(",\n".join(lines) + "\n", content_type="application/link-format")
