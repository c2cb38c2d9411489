"""Who may what: all people with their roles, sections and second factors, who may do what at an address, and what one person may."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import second_factor, way_in
from accounts.membership import given_role
from accounts.models import Phone, RecoveryCodes
from accounts.tickets import INVITATION, open_tickets
from desk.draft_form import titles_of
from desk.people import title_within
from publishing import exports, kinds
from publishing.models import Thing
from publishing.moment import Moment
from publishing.roles import Can, can, reach, role

ACTIONS = {
    Can.READ_DRAFT: gettext_lazy("read the draft"),
    Can.WRITE: gettext_lazy("write"),
    Can.SHARE: gettext_lazy("share the draft by a link"),
    Can.PUBLISH: gettext_lazy("publish and schedule"),
    Can.WITHDRAW: gettext_lazy("withdraw"),
    Can.ERASE: gettext_lazy("erase"),
}
OF_CALLS = {
    Can.READ_SUBMISSION: gettext_lazy("read submissions"),
    Can.READ_PERSON: gettext_lazy("see the address of who sent one, which is recorded"),
    Can.MODERATE: gettext_lazy("decide on submissions"),
    Can.PUBLISH_SUBMISSION: gettext_lazy("publish submissions"),
}
HEADER = ["user name", "name", "role", "sections", "kinds", "second factor", "last log-in", "state"]


def people():
    """A dict for each account, those who may log in first."""
    users = User.objects.prefetch_related("groups", "section_grants").order_by("-is_active", "username")
    sections = titles_of("page") if any(kind.name == "page" for kind in kinds.every()) else {}
    labels = {kind.name: str(kind.label_plural) for kind in kinds.every()}
    phones = set(Phone.objects.filter(confirmed=True).values_list("user_id", flat=True))
    codes = {user: len(digests) for user, digests in RecoveryCodes.objects.values_list("user_id", "digests")}
    invited = set(open_tickets(INVITATION).values_list("user_id", flat=True))
    return [row_of(user, sections, labels, phones, codes, invited) for user in users]


def seconds_of_most_phones():
    """By how many seconds the clocks of most phones differ from the server's, in steps of 30; 0 where fewer than three are known."""
    drifts = sorted(Phone.objects.filter(confirmed=True, last_t__gt=0).values_list("drift", flat=True))
    return drifts[len(drifts) // 2] * 30 if len(drifts) > 2 else 0


def row_of(user, sections, labels, phones, codes, invited):
    grants = list(user.section_grants.all())
    return {
        "user": user,
        "role": given_role(user),
        "sections": sorted(sections.get(grant.section_id, "?") for grant in grants if grant.section_id),
        "kinds": sorted(labels.get(grant.kind, grant.kind) for grant in grants if grant.kind),
        "factor": factor_in_words(user, phones, codes),
        "last_login": user.last_login,
        "state": _("may log in") if user.is_active else _("invited") if user.pk in invited else _("switched off"),
    }


def factor_in_words(user, phones, codes):
    if user.pk in phones:
        return _("phone, %d recovery codes left") % codes.get(user.pk, 0)
    return _("owed at the next log-in") if second_factor.is_demanded(user) else _("none")


def thing_at(path):
    """The draft at an address of this site: of what is public there, else one that would be there once published; or None."""
    moment = Moment()
    path = "/" + "/".join(part for part in path.split("?")[0].split("/") if part) + "/"
    path = "/" if path == "//" else path
    if (owner := kinds.owner(path, moment)) is not None:
        return kinds.get(Thing.objects.get(pk=owner).kind).draft.objects.filter(pk=owner).first()
    slug = path.strip("/").rpartition("/")[2]
    for kind in kinds.addressed():
        if slug and any(field.name == "slug" for field in kind.draft._meta.fields):
            drafts = kind.draft.objects.filter(slug=slug)[:50]
            if found := next((draft for draft in drafts if kind.address(draft, moment) == path), None):
                return found
    return None


def actions_of(kind):
    """The actions, with their words, that there are on things of a kind."""
    return ACTIONS | (OF_CALLS if kind.name == "call" else {})


def allowed_at(draft):
    """(what, names of those who may) for each action at a draft."""
    users = User.objects.filter(is_active=True, is_staff=True).prefetch_related("groups", "section_grants").order_by("username")
    return [(label, [user for user in users if can(user, action, draft)]) for action, label in actions_of(kinds.get(draft.KIND)).items()]


def allowed_to(user):
    """(kind, what in words, on how much of it) for each kind that the person may do something with."""
    found = []
    for kind in kinds.every():
        for action, label in actions_of(kind).items():
            within = reach(user, action, kind)
            if within is None or within:
                found.append((kind.label_plural, label, None if within is None else len(within)))
    return found


def who(site, request):
    """The page, for administrators alone."""
    if not can(request.user, Can.GIVE_ROLES):
        raise PermissionDenied
    asked, name = (request.GET.get(field, "").replace("\0", "").strip()[:500] for field in ("address", "person"))
    draft = thing_at(asked) if asked else None
    person = User.objects.filter(username=name).first() if name else None
    context = {"rows": people(), "asked": asked, "name": name, "draft": draft, "person": person}
    context["seconds_off"] = seconds_of_most_phones()
    if draft is not None:
        kind = kinds.get(draft.KIND)
        context |= {"title_asked": title_within(request.user, kind, draft), "kind_asked": kind.label, "allowed": allowed_at(draft)}
    if person is not None:
        context |= {"role": role(person), "may": allowed_to(person), "gives_roles_too": can(person, Can.GIVE_ROLES)}
    return way_in.page(site, request, "who", _("Who may what"), **context)


def who_csv(site, request):
    """The people as a CSV file that spreadsheets open safely."""
    if not can(request.user, Can.GIVE_ROLES):
        raise PermissionDenied
    answer = exports.csv_answer(f"people-{timezone.now():%Y-%m-%d}.csv", HEADER, map(cells, people()))
    answer["Cache-Control"] = "private, no-store"
    return answer


def cells(row):
    user, last = row["user"], row["last_login"]
    sections, labels = "; ".join(row["sections"]), "; ".join(row["kinds"])
    return [
        user.username,
        user.get_full_name(),
        row["role"],
        sections,
        labels,
        row["factor"],
        f"{last:%Y-%m-%d %H:%M}" if last else "",
        row["state"],
    ]
