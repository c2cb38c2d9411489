"""Template tags for what stands around the text of every page: head data, stamp, moment, notices, contents, page tools, foot."""

from django import template
from django.conf import settings
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from markup import rendering
from pages import notices
from pages.models import Notice
from pages.templatetags.navigation import at_now, live_page
from publishing import kinds, moment_words
from publishing.addresses import address_of, canonical
from publishing.banner import text_editions
from publishing.dates import known_beginning
from publishing.links import render as render_text
from publishing.preview import drafted
from publishing.templatetags.figures import figures_told, with_figures
from publishing.time_axis import axis_of

register = template.Library()
register.filter("origin", kinds.origin)
register.filter("known_beginning", lambda edition: known_beginning(edition) if hasattr(edition, "live_from") else None)

FOOT = ("/about/this-site/", "/glossary/")
# From this many headings on, a text gets its contents in front of it.
LONG = 3


def own_path(request):
    """The path and query of the request without its moment, as they stand in an address."""
    query = request.META.get("QUERY_STRING", "")
    return escape_uri_path(request.path_info) + ("?" + query if query else "")


def permanent_path(request):
    """The address without host under which this very page stays readable, or an empty text before anything was published."""
    moment = request.moment
    changed = moment.version.changed
    asked = moment.asked or (changed and f"{changed:%Y-%m-%dT%H:%M:%S}")
    return asked and f"/@{asked}{own_path(request)}"


@register.simple_tag(takes_context=True)
def permanent_address(context):
    """The address with the host under which this very page stays readable, or an empty text before anything was published."""
    permanent = permanent_path(context["request"])
    return permanent and settings.SITE_ADDRESS + permanent


@register.simple_tag(takes_context=True)
def as_it_stood(context, path, at, until=None):
    """The address of a root-relative path as it stood from `at` on; `until`, within the same second, asks for the very instant."""
    is_brief = until is not None and until.replace(microsecond=0) == at.replace(microsecond=0)
    moment = at.replace(tzinfo=None).isoformat(timespec="microseconds" if is_brief else "seconds")
    return at_now(context["request"], f"/@{moment}{escape_uri_path(path)}")


def shown_content(context):
    """The edition or draft whose text the page shows, or None."""
    section = getattr(context["request"], "section_shown", None)
    return context.get("page") or context.get("edition") or (section["page"] if section and section["is_own"] else None)


def has_editions(request):
    """Whether a thing has the address: a list is there before the page above it, which has the history and the TimeMap."""
    return kinds.owner(request.path_info, request.moment) is not None


@register.inclusion_tag("_meta.html", takes_context=True)
def page_meta(context, title, summary="", edition=None, has_source=None, language=""):
    """Description, canonical address, OpenGraph and schema.org data. `has_source`: the address has a Markdown text."""
    request = context["request"]
    path = request.path_info
    prefix = address_of(path)
    return {
        "request": request,
        "title": title,
        "summary": with_figures(summary, request.moment),
        "edition": edition,
        "canonical": canonical(escape_uri_path(path)),
        "site": canonical("/"),
        "is_home": path == "/",
        "has_source": edition is not None if has_source is None else has_source,
        "source": f"{prefix}index.md",
        "timemap": f"{prefix}timemap/" if has_editions(request) else "",
        "language": language or get_language(),
    }


@register.inclusion_tag("_moment.html", takes_context=True)
def moment_banner(context):
    """Banner of a page of the past (or of the future, to publishers): the moment, what is of it, the line of time, the way back to now."""
    request, moment = context["request"], context["request"].moment
    axis, has_own_figures = axis_of(moment), request.path_info in kinds.served
    # A list's text is folded below it, and tells its own date there.
    text = None if moment.is_cut_short or has_own_figures else text_editions(request.path_info, moment)
    return {
        "request": request,
        "moment": moment,
        "words": moment_words.write(moment.at.date().isoformat() if moment.is_cut_short else moment.asked),
        "now_address": at_now(request, own_path(request)),
        "path": request.path_info,
        "text": text,
        "axis": axis,
        "here": axis.mark(moment.at.date()),
        "editions": axis.editions(text.every, text.shown) if text else [],
        "told": figures_told(shown_content(context), moment, "brief"),
        "has_own_figures": has_own_figures,
    }


@register.inclusion_tag("_date_form.html", takes_context=True)
def date_form(context, field_id, label=""):
    """Field for a moment in words that leads to this page as it stood then; what cannot be read comes back with what is wrong with it."""
    request, moment = context["request"], context["request"].moment
    written = "" if moment.is_now else moment_words.write(moment.at.date().isoformat() if moment.is_cut_short else moment.asked)
    return {
        "id": field_id,
        "label": label or _("Day, or time and day (UTC)"),
        "action": at_now(request, "/at/"),
        "path": context.get("asked_path") or own_path(request),
        "written": context.get("asked_words", written),
        "problem": context.get("asked_problem", ""),
    }


@register.inclusion_tag("_notices.html", takes_context=True)
def site_notices(context):
    request = context["request"]
    draft = drafted(request, Notice)
    shown = [draft] if draft else notices.live(request.moment)
    return {"notices": [{"title": notice.title, "text": render_text(request.moment, notice.body, {})} for notice in shown]}


@register.inclusion_tag("_contents.html")
def page_contents(text):
    """The second-level headings of a long text."""
    found = [heading for heading in rendering.headings(str(text)) if heading.level == 2]
    return {"headings": found if len(found) >= LONG else []}


@register.inclusion_tag("_about_page.html", takes_context=True)
def about_page(context):
    """The page tools: history where a thing has the address, permanent address, Markdown, print, another date."""
    request = context["request"]
    prefix = address_of(escape_uri_path(request.path_info))
    permanent = permanent_path(request)
    return {
        "request": request,
        "history": f"{prefix}history/" if has_editions(request) else "",
        "source": f"{prefix}index.md",
        "permanent": permanent and at_now(request, permanent),
    }


@register.inclusion_tag("_footer.html", takes_context=True)
def site_footer(context):
    request = context["request"]
    links = list(filter(None, (live_page(context, path) for path in FOOT)))
    permanent = permanent_path(request)
    return {
        "request": request,
        "links": links,
        "permanent": settings.SITE_ADDRESS + permanent if permanent else canonical(request.path_info),
    }
