"""Chooser of pictures for texts, with previews, and the upload from within a text."""

from dataclasses import asdict, dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.pictures.drawing import HASH
from documents.pictures.models import Licence, Picture
from publishing import kinds
from publishing.draft_versions import DraftVersion
from publishing.roles import Can, can, reach

PAGE = 40
SEARCHED = ("title", "alternative", "summary", "credit", "slug")


@dataclass(frozen=True)
class PictureChoice:
    """Picture to show in a text. `state` says why visitors would not see it yet; empty for what is live."""

    title: str
    address: str
    src: str
    words: str = ""
    state: str = ""

    @property
    def markdown(self):
        return f"![]({self.address})"


def choices(user, moment, words, is_mine=False):
    """Pictures that hold every word in one of their texts: drafts within the person's reach, the newest first, then what else is live."""
    wanted = words.split()
    live = {row.thing_id: row for row in kinds.get("picture").rows(moment).live}
    within = reach(user, Can.READ_DRAFT, kinds.get("picture"))
    drafts = Picture.objects.exclude(file="").defer("body").order_by("-pk")
    drafts = drafts if within is None else drafts.filter(pk__in=within)
    if is_mine:
        drafts = drafts.filter(pk__in=DraftVersion.objects.filter(user=user).values("thing"))
    own = list(drafts.filter(*(Q(*((f"{name}__icontains", word) for name in SEARCHED), _connector=Q.OR) for word in wanted)))
    found = [of_draft(draft, live.get(draft.pk)) for draft in own]
    if within is None or is_mine:
        return found
    others = [row for thing, row in live.items() if thing not in within and holds(row, wanted)]
    return [*found, *(PictureChoice(row.title, row.path, public_src(row), row.words) for row in others)]


def holds(row, wanted):
    told = " ".join(getattr(row, name) for name in SEARCHED).casefold()
    return all(word.casefold() in told for word in wanted)


def of_draft(draft, live):
    src = reverse("admin:documents_picture_file", args=[draft.pk, "480.webp"]) + f"?{draft.file.sha256[:HASH]}"
    state = "" if live else _("not published yet")
    return PictureChoice(draft.title, live.path if live else draft.path, src, draft.words, state)


def public_src(row):
    return f"{row.path}{row.file.sha256[:HASH]}/480.webp"


def chooser(request):
    """The pictures that a text can show, as a page or, with `?format=json`, for the dialog beside the text."""
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    words, is_mine = request.GET.get("q", "")[:128].replace("\0", ""), "mine" in request.GET
    page = Paginator(choices(request.user, request.moment, words, is_mine), PAGE).get_page(request.GET.get("page"))
    if request.GET.get("format") == "json":
        found = [asdict(choice) for choice in page]
        more = page.paginator.count - page.end_index()
        return JsonResponse({"pictures": found, "more": more, "licences": [(value, str(label)) for value, label in Licence.choices]})
    context = {**admin.site.each_context(request), "title": _("Pictures for a text"), "words": words, "page": page, "is_mine": is_mine}
    return TemplateResponse(request, "admin/documents/choose_picture.html", context)


def upload(desk, request):
    """Make the draft of a picture out of a file that was dropped, pasted or chosen beside a text; what is wrong is told by field."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not desk.has_add_permission(request):
        raise PermissionDenied
    data = request.POST.copy()
    data.setdefault("slug", slugify(data.get("title", ""))[:70] or "")
    data |= {name: "50" for name in ("focus_x", "focus_y") if name not in data}
    if not data["slug"] or Picture.objects.filter(slug=data["slug"]).exists():
        data["slug"] = free_slug(data["slug"])
    if chosen := request.FILES.get("file"):  # browsers call every pasted picture image.png
        chosen.name = f"{data['slug']}.{chosen.name.rpartition('.')[2]}"
    form = desk.get_form(request, None, change=False)(data, request.FILES)
    if not form.is_valid():
        labels = {name: form.fields[name].label for name in form.errors if name in form.fields}
        told = [f"{labels[name]}: {' '.join(errors)}" if name in labels else " ".join(errors) for name, errors in form.errors.items()]
        return JsonResponse({"errors": told}, status=422)
    with transaction.atomic():
        draft = form.save(commit=False)
        desk.save_model(request, draft, form, change=False)
        desk.log_addition(request, draft, [{"added": {}}])
    told = desk.told_of(draft)
    return JsonResponse(asdict(of_draft(draft, None)) | {"told": told})


def free_slug(slug):
    """The slug with a number behind it that no other picture has; of a title without letters of the alphabet `picture`."""
    stem, number = slug or "picture", 2
    while Picture.objects.filter(slug=f"{stem}-{number}").exists():
        number += 1
    return f"{stem}-{number}"


def twins(user, picture):
    """Pictures with the same bytes as this one that the person may know of."""
    same = Picture.objects.filter(file__startswith=picture.file.sha256).exclude(pk=picture.pk) if picture.file else Picture.objects.none()
    return [other for other in same[:5] if can(user, Can.READ_DRAFT, other)]
