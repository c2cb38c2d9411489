"""Choosers: how a form names another thing, by its address, and how people find it by title, with scripts or on a page that returns.

Nothing here grows with the number of things: a form holds the one that is chosen, and a search gives MOST.
"""

from dataclasses import asdict, dataclass
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _

from desk import people, resubmission
from desk.draft_form import is_readable
from desk.numbers import row_number
from publishing import kinds
from publishing.models import Thing
from publishing.moment import Moment
from publishing.roles import Can, can, reach

MOST = 40
LONGEST = 500
# Names of the buttons that open the page on which one finds a thing, and that take one there; the words looked for.
OPENS, TAKES, WORDS = "_choose", "_chosen", "_words"


@dataclass(frozen=True)
class ThingChoice:
    """Thing to choose. `address` is what a form names it by; `state` says that it is not public yet."""

    title: str
    address: str
    kind: str
    state: str = ""


def thing_named(name, words):
    """The id of the thing of a kind that a form names by its address, its reference or its number; None for none, or for several."""
    kind = kinds.get(name)
    words = words.replace("\0", "\ufffd").strip()
    if (number := row_number(words)) is not None:
        return Thing.objects.filter(pk=number, kind=name).values_list("pk", flat=True).first()
    if not words.startswith(("/", settings.SITE_ADDRESS)):
        return Thing.objects.filter(kind=name, key=words.removeprefix(f"{name}/")[:200]).values_list("pk", flat=True).first()
    path, moment = path_of(words), Moment()
    if target := kind.find(path, moment):
        return target.thing
    drafts = kind.find_drafts(path, moment)
    return drafts[0] if len(drafts) == 1 else None


def path_of(words):
    """The path of an address of ours, typed or pasted: with its last stroke, without the host and without a moment of the past."""
    try:
        path = unquote(urlsplit(words).path).replace("\0", "\ufffd")
    except ValueError:
        return ""
    if path.startswith("/@"):
        path = "/" + path.partition("/@")[2].partition("/")[2]
    return path if path.endswith("/") else f"{path}/"


def names_of(kind, drafts, moment):
    """What a form names drafts by, as a dict by id: the address now, that of the draft, or the reference where it has none of its own."""
    live, named = kind.targets([draft.pk for draft in drafts], moment), {}
    for draft in drafts:
        address = live[draft.pk].address if draft.pk in live else kind.address(draft, moment)
        named[draft.pk] = address if address and thing_named(kind.name, address) == draft.pk else draft.reference
    return named


class ThingInput(forms.TextInput):
    """Field for an address with the title of what is there, and a button to the page on which one finds another."""

    title_of = None
    has_page = True

    def render(self, name, value, attrs=None, renderer=None):
        page = '<button name="{}" value="{}" class="choose" formnovalidate>{}</button>' if self.has_page else ""
        title = self.title_of(value) if value and self.title_of else ""
        return format_html(
            '<span class="chooser">{} ' + page + ' <span class="quiet" data-title>{}</span></span>',
            super().render(name, value, attrs, renderer),
            *((OPENS, name, _("Find by title…")) if page else ()),
            title,
        )


class ThingField(forms.CharField):
    """One thing of a kind that the person may read; the value is its Thing or None. `held` is the id that the form had already."""

    widget = ThingInput

    def __init__(self, *, kind, user, held=None, has_page=True, **options):
        self.kind, self.user, self.held = kind, user, held
        super().__init__(max_length=LONGEST, **options)
        self.widget.title_of, self.widget.has_page = self.title_of, has_page

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.widget.title_of = copied.title_of
        return copied

    def widget_attrs(self, widget):
        own = {"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}
        return super().widget_attrs(widget) | own | {"data-things": reverse_lazy("admin:things"), "data-kind": self.kind}

    def may_take(self, pk):
        if pk is None or pk == self.held:
            return pk is not None
        thing = Thing.objects.filter(pk=pk, kind=self.kind).first()
        return thing is not None and is_readable(self.user, thing)

    def prepare_value(self, value):
        """The words for an id; of what the person may not read its public address, or its number."""
        pk = value if isinstance(value, int) else None
        if pk is None:
            return value.pk if isinstance(value, Thing) else value
        kind = kinds.get(self.kind)
        draft = kind.draft.objects.filter(pk=pk).defer(*kind.draft.long_texts()).first()
        if draft is None or not can(self.user, Can.READ_DRAFT, draft):
            live = kind.targets([pk], Moment()).get(pk)
            return live.address if live else str(pk)
        return names_of(kind, [draft], Moment())[pk]

    def title_of(self, words):
        pk = thing_named(self.kind, str(words)[:LONGEST])
        return people.title_of_thing(self.user, pk) if self.may_take(pk) else ""

    def to_python(self, value):
        if isinstance(value, Thing):
            return value
        words = super().to_python(value)
        if words in self.empty_values:
            return None
        pk = thing_named(self.kind, words)
        if not self.may_take(pk):
            said = _("Nothing at “%s” is within the sections given to you. Write an address such as /about/ccs/, or find it by title.")
            raise ValidationError(said % words[:200])
        return Thing.objects.get(pk=pk)

    def run_validators(self, value):
        """The length alone is asked, of the words."""
        if not isinstance(value, Thing):
            super().run_validators(value)

    def has_changed(self, initial, data):
        words = (data or "").strip()
        return words not in {str(self.prepare_value(initial) or ""), str(initial or "")}


def found(request, name, words, most=MOST):
    """(ThingChoices, whether there are more) of a kind that hold every word: drafts within reach, and what is public beside them."""
    kind, moment = kinds.get(name), Moment()
    desk = admin.site.get_model_admin(kind.draft)
    within = reach(request.user, Can.READ_DRAFT, kind)
    words = words.replace("\0", "")[:128].strip()
    drafts = matching(desk, request, desk.get_queryset(request), words, kind.draft)[: most + 1]
    drafts = [draft for draft in drafts if not people.hides(request.user, draft)]
    live = kind.targets([draft.pk for draft in drafts], moment)
    names = names_of(kind, drafts, moment)
    choices = [ThingChoice(str(draft), names[draft.pk], kind.label, "" if draft.pk in live else _("not published yet")) for draft in drafts]
    if within is not None and len(choices) <= most:
        public = kind.edition.objects.live(moment.at).exclude(thing__in=within)
        things = [edition.thing_id for edition in matching(desk, request, public, words, kind.edition)[: most + 1]]
        choices += [ThingChoice(target.title, target.address, kind.label) for target in kind.targets(things, moment).values()]
    if typed := of_address(request, kind, words):
        choices = [typed, *(choice for choice in choices if choice.address != typed.address)]
    return choices[:most], len(choices) > most


def matching(desk, request, rows, words, model):
    """Rows whose titles hold the words, those that begin with them first, without their long texts."""
    rows, _has_doubles = desk.get_search_results(request, rows, words)
    title = desk.search_fields[0]
    begins = Case(When(**{f"{title}__istartswith": words}, then=Value(0)), default=Value(1))
    return rows.order_by(begins, title, "pk").defer(*model.long_texts())


def of_address(request, kind, words):
    """The choice that an address names, if it is one, or None."""
    if not words.startswith(("/", settings.SITE_ADDRESS)):
        return None
    pk = thing_named(kind.name, words)
    thing = pk and Thing.objects.filter(pk=pk).first()
    return ThingChoice(people.title_of_thing(request.user, pk), words, kind.label) if thing and is_readable(request.user, thing) else None


def chosen_kind(name):
    """The name of a kind whose things are chosen by title. Raises Http404."""
    kind = next((kind for kind in kinds.every() if kind.name == name), None)
    desk = kind and admin.site._registry.get(kind.draft)
    if desk is None or not desk.search_fields or not isinstance(kind, kinds.Addressed):
        raise Http404
    return name


def things(request):
    """Things of a kind by title, for the dialog beside a field."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    choices, more = found(request, chosen_kind(request.GET.get("kind", "page")), request.GET.get("q", ""))
    return JsonResponse({"links": [asdict(choice) for choice in choices], "more": more})


def asks(request):
    return request.method == "POST" and OPENS in request.POST


def page(desk, request, fields, draft):
    """The page on which a thing is found for one of the `fields` of a form; all that was typed goes with it and comes back."""
    name = request.POST[OPENS]
    if not isinstance(fields.get(name), ThingField):
        raise Http404
    words = request.POST.get(WORDS, "")[:128].replace("\0", "")
    choices, more = found(request, fields[name].kind, words)
    sent = resubmission.fields_sent(request.POST).items()
    carried = [(key, value) for key, values in sent if not key.startswith("_") for value in values]
    context = {"choices": choices, "more": more, "words": words, "carried": carried, "name": name}
    context["lost_files"] = [*resubmission.lost_files(request), *resubmission.files_sent(request)]
    return desk.page(request, "choose", _("Choose: %s") % fields[name].label, draft, **context)


def taken(request):
    """(name of a field, words) that the page returned with, or None."""
    name, mark, words = request.POST.get(TAKES, "").partition("=")
    return (name, words) if mark else None
