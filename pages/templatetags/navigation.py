"""Template tags for navigation: the section menu, the breadcrumb, the ways into the sections, addresses at the request's moment."""

from django import template
from django.utils.functional import SimpleLazyObject

from pages import glossary, navigation
from pages.models import Page, PageEdition
from pages.tree import DEPTH_LIMIT
from publishing.addresses import address_of, canonical
from publishing.links import render as render_text
from publishing.preview import drafted
from publishing.snapshots import edition_of

# The entries of the menu that begin a group: activities, rules and Parties, the record.
BEGINNINGS = {"/programmes/", "/methodologies/", "/documents/"}

register = template.Library()
register.simple_tag(address_of)


def here(request):
    """The tree page that the request's address is or lies below, or None."""
    by_path = navigation.tree(request.moment).by_path
    steps = request.path_info.strip("/").split("/", DEPTH_LIMIT)[:DEPTH_LIMIT]
    paths = (f"/{'/'.join(steps[:depth])}/" for depth in range(len(steps), 0, -1)) if request.path_info != "/" else ["/"]
    return next((node for path in paths if (node := by_path.get(path)) and node.is_live), None)


def at_now(request, path):
    """A root-relative address of this site as it is now, whatever the request's moment."""
    return request.META.get("SCRIPT_NAME", "").rstrip("/") + path


@register.simple_tag(takes_context=True)
def now_address(context, path):
    return at_now(context["request"], path)


@register.simple_tag(takes_context=True)
def live_page(context, path):
    """The tree page that is to be read at this address at the request's moment, or None."""
    node = navigation.tree(context["request"].moment).by_path.get(path)
    return node if node and node.is_live else None


@register.simple_tag(takes_context=True)
def home(context):
    """The way to CDM Home: its address, and whether that is the one of now, since the moment shown had none."""
    is_of_now = not context["request"].moment.is_now and live_page(context, "/") is None
    return {"address": at_now(context["request"], "/") if is_of_now else address_of("/"), "is_of_now": is_of_now}


@register.simple_tag(takes_context=True)
def canonical_address(context):
    return canonical(context["request"].path_info)


@register.inclusion_tag("_menu.html", takes_context=True)
def section_menu(context):
    """The menu of the sections, with the branch open that holds the page shown."""
    request = context["request"]
    tree = navigation.tree(request.moment)
    node = here(request)
    trail = {above.thing for above in tree.trail(node)} | {node.thing} if node else set()

    def entries(above):
        return [entry(node) for node in tree.menu_children(above)]

    def entry(item):
        is_open = item.thing in trail or item.path == "/about/"
        current = "page" if node is item and request.path_info == item.path else "true" if item.thing in trail else ""
        below = entries(item.thing) if is_open else []
        return {"label": item.label, "path": item.path, "current": current, "below": below, "begins": item.path in BEGINNINGS}

    return {"entries": entries(None), "request": request}


@register.inclusion_tag("_breadcrumb.html", takes_context=True)
def breadcrumb(context, *leaves, language=""):
    """“Your location”: the way from CDM-Home to the page shown. `leaves` are labels of what no page of the tree stands for."""
    request = context["request"]
    tree = navigation.tree(request.moment)
    node, draft = here(request), drafted(request, Page)
    trail = [*tree.trail(node), node] if node and node.path != "/" else []
    if draft and (node is None or node.path != request.path_info):
        leaves = (str(draft),)
    steps = [{"label": above.label, "path": above.path} for above in trail] + [
        {"label": leaf, "path": "", "language": language} for leaf in leaves if leaf
    ]
    return {"home": home(context), "steps": steps}


@register.inclusion_tag("_breadcrumb.html", takes_context=True)
def breadcrumb_below(context, path, leaf, thing=None):
    """“Your location” of what stands below the tree page at another address, such as a Party below the page on authorities.

    `thing` is one of another kind between the two, with a title and a path, such as the call to which the form is.
    """
    node = live_page(context, path)
    trail = [*navigation.tree(context["request"].moment).trail(node), node] if node else []
    steps = [{"label": above.label, "path": above.path} for above in trail]
    steps += [{"label": thing.title, "path": thing.path}] if thing else []
    return {"home": home(context), "steps": [*steps, {"label": leaf, "path": "", "language": ""}]}


@register.simple_tag(takes_context=True)
def section_page(context):
    """The text of the tree page at this address, for lists of other apps that stand below it; None where there is none."""
    request = context["request"]
    # A page asks for it in several blocks, which share no variables.
    if not hasattr(request, "section_shown"):
        request.section_shown = section_at(request)
    return request.section_shown


def section_at(request):
    node, draft = here(request), drafted(request, Page)
    if node is None and draft is None:
        return None
    edition = draft or edition_of(PageEdition, node.number, request.moment)
    text = SimpleLazyObject(lambda: render_text(request.moment, edition.body, glossary.terms(request.moment).abbreviations))
    return {"page": edition, "text": text, "is_own": draft is not None or node.path == request.path_info}
