"""Files for programs that read the portal: robots.txt, sitemap.xml, llms.txt, and the manifest for home screens."""

from datetime import UTC
from xml.sax.saxutils import escape

from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from pages import navigation
from publishing import figures, kinds
from publishing.addresses import canonical
from publishing.parameters import query_parameters

# Of these lists crawlers read the pages, not every choice of filters.
NARROWED = ("/projects/", "/programmes/", "/issuance/")
# The protocol allows no more addresses in one file.
SITEMAP_LIMIT = 50_000


@require_safe
def robots(_request):
    """The past is for people and for archives; search engines keep to now, and to lists as a whole."""
    lists = [line for path in NARROWED for line in (f"Allow: {path}?page=", f"Disallow: {path}?")]
    lines = ["User-agent: *", "Disallow: /@", "Disallow: /admin/", "Disallow: /at/", *lists, f"Sitemap: {canonical('/sitemap.xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@query_parameters("page")
@require_safe
def sitemap(request):
    """Every address of every kind that is live at the moment, and of what apps show beside them, with the time since which it reads as it
    does; an index where one file is not enough."""
    # A part of a page, as an issue may be, is not listed beside the page.
    found = {
        address: since
        for pages in (*kinds.addressed(), *kinds.unrecorded)
        for address, since in pages.addresses(request.moment)
        if "#" not in address
    }
    pages = list(batched(sorted(found.items()), SITEMAP_LIMIT)) or [()]
    if "page" not in request.GET and len(pages) > 1:
        latest = [max(filter(None, dict(page).values()), default=None) for page in pages]
        parts = [(f"/sitemap.xml?page={number}", since) for number, since in enumerate(latest, 1)]
        return sitemap_file("sitemapindex", "sitemap", parts)
    number = request.GET.get("page", "1")
    if number not in map(str, range(1, len(pages) + 1)):
        raise Http404
    return sitemap_file("urlset", "url", pages[int(number) - 1])


def batched(rows, size):
    """Slices of the list, each of `size` rows but the last."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def modified(since):
    return f"<lastmod>{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if since else ""


def sitemap_file(whole, part, rows):
    """One file of the protocol: each address with the moment since which it reads as it does, where that is known."""
    lines = (f"<{part}><loc>{escape(canonical(address))}</loc>{modified(since)}</{part}>" for address, since in rows)
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{whole} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    return HttpResponse("\n".join([*head, *lines, f"</{whole}>\n"]), content_type="application/xml; charset=utf-8")


@require_safe
def llms(request):
    """The sections with their Markdown texts, as llmstxt.org proposes."""
    below = navigation.tree(request.moment).menu_children
    entries = [node for above in below(None) for node in (above, *below(above.thing))]
    summaries = (" ".join(figures.in_text(node.summary, request.moment).split()) for node in entries)
    links = (f"[{escape_markdown(node.label)}]({canonical(node.path)}index.md)" for node in entries)
    rows = [f"- {link}: {summary}" for link, summary in zip(links, summaries, strict=True)]
    intro = [
        "# " + _("CDM portal"),
        "> " + _("A portal on the Clean Development Mechanism of the Kyoto Protocol. It is an independent work, not the UNFCCC’s site."),
        _("Each page has its text as Markdown at index.md below its address."),
        _("With /@2010-03-10 in front, an address shows the page as it stood on that day."),
        "## " + _("Sections"),
    ]
    return HttpResponse("\n\n".join([*intro, "\n".join(rows)]) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def manifest(_request):
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    answer = {
        "name": _("CDM portal"),
        "short_name": "CDM",
        "start_url": "/",
        "display": "browser",
        "theme_color": "#0c3b4e",
        "icons": [icon],
    }
    return JsonResponse(answer, content_type="application/manifest+json")
