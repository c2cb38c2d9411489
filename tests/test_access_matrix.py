"""Every address of the URLconf × every role × every method: who is answered, who is sent away, and that nothing is written on the way.

What is expected follows from rules: which right an address asks for (RULES, by the name of its view) and which rights a role has (RIGHTS).
An address without a rule fails, so that no new one goes unasked.
"""

import io
import re
from dataclasses import asdict, dataclass, field
from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from areas.models import Area
from desk import deletion, share_links
from desk.model_admin import ThingAdmin
from files import private
from publishing import draft_versions, kinds, snapshots
from publishing.ledger import publish
from publishing.models import DeletedDraft, Edition, SectionGrant, Thing, WorkingCopy
from registry.models import ImportRun
from submissions.models import PlainQuestion, Submission, SubmittedFile
from tests.accounts.logging_in import password_typed, with_phone
from tests.desk_client import HOST, administrator, author, browser_of, publisher
from tests.record import DAY, edit, new_page

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = ("anonymous", "half a session", "author of the section", "author of another section", "publisher", "administrator")
OUTSIDE = {"anonymous", "half a session"}  # the latter: an administrator's password was typed, the second factor is owed
AUTHORS = {"author of the section", "author of another section"}
SECRET = "Zwischenraumwort"

# What each role may do at all. Authors only within what is given to them.
READ, WRITE, SHARE, PUBLISH, ERASE, ACCOUNTS, ENTER = "read", "write", "share", "publish", "erase", "accounts", "enter"
MODERATE = "moderate"  # submissions to the calls that are given to one
WRITERS = {ENTER, READ, WRITE, SHARE}
RIGHTS = {
    "anonymous": set(),
    "half a session": set(),
    "author of the section": WRITERS | {MODERATE},
    "author of another section": WRITERS,
    "publisher": WRITERS | {PUBLISH, MODERATE},
    "administrator": WRITERS | {PUBLISH, MODERATE, ERASE, ACCOUNTS},
}


@dataclass(frozen=True)
class Rule:
    """The right that an address asks for; `post` where a POST asks for another one. `only` names its methods if it has not all three."""

    right: str
    post: str = ""
    only: tuple = ()


POST_ONLY, SAFE = ("POST",), ("GET", "HEAD")
# Views of the desk, by the last part of the name. Those of a thing ask about the thing, the others about any of its kind.
OF_THINGS = {
    "changelist": Rule(READ),
    "add": Rule(WRITE),
    "preview_new": Rule(WRITE, only=POST_ONLY),
    "working_copy_new": Rule(WRITE, only=POST_ONLY),
    "discard_new": Rule(WRITE, only=POST_ONLY),
    "publish_chosen": Rule(PUBLISH),
    "change": Rule(READ, post=WRITE),
    "delete": Rule(WRITE),
    "history": Rule(READ),
    "inbound": Rule(READ),
    "found_nothing": Rule(READ),
    "file": Rule(READ),
    "compare": Rule(READ),
    "difference": Rule(READ),
    "version": Rule(READ),
    "take_back": Rule(WRITE),
    "preview": Rule(READ),
    "restore": Rule(WRITE),
    "move": Rule(WRITE),
    "review": Rule(READ, post=WRITE),
    "share": Rule(SHARE),
    "upload": Rule(WRITE, only=POST_ONLY),
    "pictures": Rule(ENTER),  # the chooser of all who write
    "working_copy": Rule(WRITE, only=POST_ONLY),
    "discard": Rule(WRITE, only=POST_ONLY),
    "publish": Rule(PUBLISH),
    "withdraw": Rule(PUBLISH),
    "cancel": Rule(PUBLISH, only=POST_ONLY),
    "erase": Rule(ERASE),
}
OF_THE_DESK = {
    "index": Rule(ENTER),
    "app_list": Rule(ENTER),
    "jsi18n": Rule(ENTER, only=SAFE),
    "password_change": Rule(ENTER),
    "password_change_done": Rule(ENTER, only=SAFE),
    "logout": Rule(ENTER, only=POST_ONLY),
    "resume": Rule(ENTER),
    "account": Rule(ENTER),
    "factor": Rule(ENTER),
    "end_sessions": Rule(ENTER, only=POST_ONLY),
    "who": Rule(ACCOUNTS),
    "who_csv": Rule(ACCOUNTS),
    "find": Rule(ENTER),
    "links": Rule(WRITE),
    "things": Rule(WRITE, only=SAFE),
    "markdown": Rule(WRITE, only=POST_ONLY),
    "insert": Rule(WRITE, only=POST_ONLY),
    "paste": Rule(WRITE, only=POST_ONLY),
    "scheduled": Rule(ENTER, post=PUBLISH),
    "recent": Rule(ENTER),
    "reports": Rule(ENTER),
    "scheduled_calendar": Rule(ENTER),
    "recent_csv": Rule(ENTER),
    "report": Rule(ENTER),
    "report_csv": Rule(ENTER),
    "notices": Rule(ENTER),
    "notice_preferences": Rule(ENTER),
    "upkeep": Rule(ACCOUNTS),
    "token": Rule(ENTER, only=SAFE),
    "texts": Rule(ENTER),
    "text": Rule(ENTER),
    "deleted": Rule(ENTER),
    "deleted_draft": Rule(READ, post=WRITE),
    "registry_importrun_changelist": Rule(PUBLISH),
    "registry_importrun_add": Rule(PUBLISH),
    "registry_importrun_run": Rule(PUBLISH),
    **{f"submissions_submission_{name}": Rule(MODERATE) for name in ("changelist", "queue", "many", "one", "address", "file")},
}
# Addresses of the way in, below /admin/ and open to all; they decide themselves whom they answer.
OPEN = {"login", "second_step", "enrol", "reset", "reset_link", "invitation"}
# The way into the areas and their pages, which areas/test_matrix.py asks.
OF_AREAS = ("/extranets/log-", "/extranets/areas/")
# Addresses outside /admin/ that are for people of the desk.
FOR_THE_DESK = {"styles": Rule(ENTER, only=SAFE)}
SAMPLES = {"app_label": "pages", "url": "no/such/page/", "day": "10", "month": "03", "year": "2010", "name": "x.pdf"}
REPORT = "reviews"
# Models whose pages at the desk are for administrators, none of whose rows is deleted there.
FOR_ADMINISTRATORS = {"auth_user": User, "areas_area": Area, "submissions_plainquestion": PlainQuestion}


@dataclass
class Address:
    """One pattern of the URLconf with a path that it matches."""

    path: str
    name: str
    model: type | None = None
    thing: Thing | None = None

    @property
    def is_of_the_desk(self):
        return (self.path.startswith("/admin/") and self.name not in OPEN) or self.name in FOR_THE_DESK

    def __str__(self):
        return f"{self.path} ({self.name or 'without a name'})"


@dataclass
class World:
    """Things in every state, people of every role, and all addresses."""

    users: dict
    drafts: dict
    token: str
    gone: DeletedDraft
    kept: WorkingCopy
    run: ImportRun
    submission: Submission
    addresses: list = field(default_factory=list)
    clients: dict = field(default_factory=dict)


def patterns(resolver, route="", place=()):
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, full, (*place, pattern))
        elif isinstance(pattern, URLPattern):
            yield full, pattern


def path_of(route, samples):
    """A concrete path for a route of the URLconf, with the samples in the places of its parameters."""
    route = re.sub(r"(?<!\?P)<(?:[a-z_]+:)?(\w+)>", lambda match: str(sample(match[1], samples)), route)
    while match := re.search(r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)", route):
        route = route.replace(match[0], str(sample(match[1], samples)), 1)
    return "/" + route.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "").lstrip("/")


def sample(name, samples):
    return samples.get(name, SAMPLES.get(name, "about/" if name == "address" else "x"))


def desk_models():
    return {f"{m._meta.app_label}_{m._meta.model_name}": m for m, own in admin.site._registry.items() if isinstance(own, ThingAdmin)}


def made(model):
    """A draft of any kind, with something in every field that wants it."""
    draft = model()
    for content in model.content_fields():
        if content.has_default() or content.null or content.blank:
            continue
        setattr(draft, content.attname, value_for(content))
    draft.save()
    return draft


def value_for(content):
    if isinstance(content, models.ForeignKey):
        return Thing.objects.filter(**content.remote_field.limit_choices_to).values_list("pk", flat=True).first()
    if content.choices:
        return content.flatchoices[0][0]
    if isinstance(content, models.DateTimeField):
        return timezone.now()
    if isinstance(content, models.DateField):
        return timezone.now().date()
    return next(value for value in ("1", "sample", "en", "https://example.org/") if is_valid(content, value))


def is_valid(content, value):
    try:
        content.clean(value, None)
    except ValidationError:
        return False
    return True


def new_submission(call):
    """A submission with a file, which waits to be read."""
    times = {"received": timezone.now(), "confirm_until": timezone.now()}
    row = Submission.objects.create(
        call_id=call.pk, nonce="n", page_hash="h", sender="individual", text=SECRET, standing="received", **times
    )
    kept = private.keep("submissions", io.BytesIO(SECRET.encode()), "x.txt")
    SubmittedFile.objects.create(submission=row, nonce="n", **asdict(kept))
    return row


@pytest.fixture
def world():
    home, about, other = new_page("", title="Home"), new_page("about"), new_page("other")
    publish([home, about, other])
    inner = new_page("inner", about, title=f"{SECRET} title", body=f"{SECRET} body")
    edit(about, body=f"{SECRET} in a draft of a live page", summary=SECRET)
    drafts = {"pages_page": inner} | {name: made(model) for name, model in desk_models().items() if name != "pages_page"}
    users = {
        "anonymous": AnonymousUser(),
        "half a session": administrator("hana"),
        "author of the section": author("anna", about),
        "author of another section": author("otto", other),
        "publisher": publisher(),
        "administrator": administrator(),
    }
    for model in desk_models().values():
        if model.KIND != "page":
            SectionGrant.objects.create(user=users["author of the section"], kind=model.KIND)
    link = share_links.make(home, users["publisher"])
    publish([inner], timezone.now() + DAY)
    for draft in drafts.values():
        draft_versions.begin(draft)
    deletion.delete(users["publisher"], new_page("gone", about, title=f"{SECRET} gone", body=SECRET))
    Area.objects.create(name="Area", whose="Panel")
    PlainQuestion.objects.create(question="Which?", answers="this")
    kept = WorkingCopy.objects.create(kind="page", thing=inner.thing_ptr, user=users["publisher"], slot="kept", fields={"body": [SECRET]})
    token = share_links.signer.sign_object([link.pk, link.thing_id])
    run = ImportRun.objects.create(folder="none", state="published")
    world = World(users, drafts, token, DeletedDraft.objects.get(), kept, run, new_submission(drafts["calls_call"]))
    world.addresses = list(addresses(world))
    world.clients = {role: browser_of(None if role == "anonymous" else user) for role, user in users.items()}
    with_phone(users["half a session"])
    world.clients["half a session"] = password_typed(users["half a session"])[0]
    for client in world.clients.values():
        client.raise_request_exception = False  # an error of ours is an answer too, and a wrong one
    return world


def addresses(world):
    """Every pattern of the URLconf as an Address."""
    accounts = User.objects.get(username="otto").pk
    number = Edition.objects.get(thing=world.drafts["pages_page"].pk).number
    for route, pattern in patterns(get_resolver()):
        name = pattern.name or ""
        samples = {"token": world.token, "number": number, "id": accounts, "object_id": accounts, "version": 1}
        samples |= {"thing": world.gone.thing, "pk": world.kept.pk}
        model = re.match(r"admin/(\w+)/(\w+)/", route)
        label = f"{model[1]}_{model[2]}" if model else ""
        if name.startswith("report"):
            samples |= {"name": REPORT}
        if label == "auth_user":
            samples |= {"pk": accounts}
        if label == "areas_area":
            samples |= {"object_id": Area.objects.get().pk}
        if label == "submissions_plainquestion":
            samples |= {"object_id": PlainQuestion.objects.get().pk}
        if label == "registry_importrun":
            samples |= {"pk": world.run.pk}
        if label == "submissions_submission":
            samples |= {"pk": world.submission.pk, "call": world.submission.call_id, "file": world.submission.files.get().pk}
        if label in world.drafts:
            samples |= {"pk": world.drafts[label].pk, "object_id": world.drafts[label].pk}
            is_single = "<" in route
            yield Address(path_of(route, samples), name, desk_models()[label], world.drafts[label] if is_single else None)
        else:
            yield Address(path_of(route, samples), name, FOR_ADMINISTRATORS.get(label))


def rule(address):
    """The rule of an address of the desk. An address that nobody thought of fails here."""
    if address.name == "" and (address.model or "no/such" in address.path):
        return Rule(ENTER)  # Django's redirects: to the form of a thing, or to the address with its last slash
    if address.model in FOR_ADMINISTRATORS.values():
        return Rule(ACCOUNTS)
    if address.model:
        return OF_THINGS[address.name.removeprefix(f"{address.model._meta.app_label}_{address.model._meta.model_name}_")]
    return (OF_THE_DESK | FOR_THE_DESK)[address.name]


def is_allowed(role, right, address):
    if right not in RIGHTS[role]:
        return False
    if address.name == "deleted_draft":
        return role != "author of another section"
    if role not in AUTHORS or not address.model or address.name == "" or right == ENTER:
        return True
    if role == "author of the section":
        return True
    return address.model.KIND == "page" and address.thing is None


def expected(role, method, address):
    """The statuses that an address of the desk may answer with."""
    asked = rule(address)
    right = asked.post if asked.post and method == "POST" else asked.right
    if role in OUTSIDE and address.name in FOR_THE_DESK:
        return {302}
    if method not in {"GET", "HEAD", "POST"}:
        return {405}
    if role in OUTSIDE:
        if address.name == "logout":
            return {302, 405}
        return {302} if method != "POST" else {403}
    if asked.only and method not in asked.only:
        return {405} if is_allowed(role, right, address) else {403, 405}
    if not is_allowed(role, right, address):
        return {403}
    if address.name == "text":
        return {200, 302} if role == "publisher" else {404}  # the text that a publisher has typed and not saved
    return answers_to_the_allowed(address, method)


def answers_to_the_allowed(address, method):
    name = address.name.rpartition("_")[2]
    if address.name == "" and not address.model:
        return {404}
    if name == "delete":
        is_there = address.model in FOR_ADMINISTRATORS.values() or Edition.objects.filter(thing=address.thing.pk).exists()
        return {403} if is_there else {200, 302}
    if name in {"restore", "compare"} and address.model.KIND != "page":
        return {404}
    if address.name == "submissions_submission_file":
        return {200}
    if address.name == "documents_picture_upload":
        return {422}  # nothing was sent, and it says so
    if address.name.endswith(("publish_chosen", "_file")):
        return {404}  # nothing was chosen; the sample has no file
    return {200, 302}


WRITING = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE)
UNREMARKABLE = re.compile(r"django_session|axes_|accounts_accountsession|submissions_submissionopening")


def asked(world, role, method, address):
    """The answer to one request, and the tables that it wrote to. Nothing of it stays."""
    client = world.clients[role]
    connection.queries_log.clear()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        answer = client.generic(method, address.path, headers=HOST)
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    if written := {match[1] for query in queries if (match := WRITING.match(query["sql"]))}:
        snapshots.clear_all()
    if method == "POST" and address.name == "logout":
        if role == "half a session":
            password_typed(world.users[role], client)
        elif role != "anonymous":
            client.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return answer, body.decode(errors="replace"), {table for table in written if not UNREMARKABLE.match(table)}


@pytest.mark.once  # rules are asked in Python, the same on each database
def test_every_address_answers_each_role_and_method_as_the_rules_say(world, capsys):
    faults, count = [], 0
    desk = [address for address in world.addresses if address.is_of_the_desk]
    for address, role, method in product(desk, ROLES, METHODS):
        answer, text, written = asked(world, role, method, address)
        count += 1
        wanted = expected(role, method, address)
        if answer.status_code not in wanted:
            faults.append(f"{method} {address} as {role}: {answer.status_code} instead of {wanted}")
        if written and (method != "POST" or answer.status_code in {403, 404, 405}):
            faults.append(f"{method} {address} as {role} wrote to {written}")
        if SECRET in text and role in OUTSIDE | {"author of another section"}:
            faults.append(f"{method} {address} as {role} tells what a draft says")
        if answer.status_code == 302 and role in OUTSIDE and not answer["Location"].startswith(("/admin/login/?next=", "/admin/")):
            faults.append(f"{method} {address} leads strangers to {answer['Location']}")
    with capsys.disabled():
        print(f"\nDesk: {len(desk)} addresses x {len(ROLES)} roles x {len(METHODS)} methods = {count} requests")
    assert not faults, "\n".join(faults)


@pytest.mark.once  # rules are asked in Python, the same on each database
def test_every_public_address_is_the_same_for_everybody_and_takes_nothing(world, capsys):
    faults, count = [], 0
    public = [a for a in world.addresses if not a.is_of_the_desk and a.name not in OPEN and not a.path.startswith(OF_AREAS)]
    for address, method in product(public, METHODS):
        answers = {role: asked(world, role, method, address) for role in ROLES}
        count += len(answers)
        statuses = {answer.status_code for answer, _text, _written in answers.values()}
        if len(statuses) > 1 or max(statuses) >= 500:
            faults.append(f"{method} {address} answers with {statuses}")
        if method not in {"GET", "HEAD"} and not statuses <= {403, 404, 405} and not (method == "OPTIONS" and is_empty(answers)):
            faults.append(f"{method} {address} answers with {statuses}")
        for role, (answer, text, written) in answers.items():
            if written:
                faults.append(f"{method} {address} as {role} wrote to {written}")
            if SECRET in text:
                faults.append(f"{method} {address} as {role} tells what a draft says")
            if answer.cookies:
                faults.append(f"{method} {address} as {role} sets a cookie")
    with capsys.disabled():
        print(f"\nPublic: {len(public)} addresses x {len(ROLES)} roles x {len(METHODS)} methods = {count} requests")
    assert not faults, "\n".join(faults)


def is_empty(answers):
    return not any(text for _answer, text, _written in answers.values())


def test_every_page_of_the_future_is_for_publishers_only(world):
    """A scheduled word is seen before its time by those who may publish, and by nobody else."""
    day = f"{timezone.now() + 2 * DAY:%Y-%m-%d}"
    for role in ROLES:
        answer = world.clients[role].get(f"/@{day}/about/inner/")
        assert (SECRET in answer.text) == (role in {"publisher", "administrator"}), role
        assert answer.status_code == (200 if role in {"publisher", "administrator"} else 404), role


@pytest.mark.once  # rules are asked in Python, the same on each database
def test_head_answers_like_get_without_a_body(world):
    for address, role in product(world.addresses, ("anonymous", "publisher")):
        full, text, _written = asked(world, role, "GET", address)
        head, nothing, _written = asked(world, role, "HEAD", address)
        assert (head.status_code, nothing) == (full.status_code, ""), str(address)
        assert text or full.status_code in {301, 302, 304, 405}, str(address)


def test_log_in_is_open_to_everybody_and_tells_nothing(world):
    for role in ROLES:
        answer, text, written = asked(world, role, "GET", Address("/admin/login/", "login"))
        assert answer.status_code == (200 if role in OUTSIDE else 302)
        assert not written
        assert SECRET not in text


@pytest.mark.once  # rules are asked in Python, the same on each database
def test_addresses_of_the_way_in_answer_each_role_and_method_and_write_nothing_without_a_code(world):
    ways_in = [address for address in world.addresses if address.path.startswith("/admin/") and address.name in OPEN]
    assert {address.name for address in ways_in} == OPEN
    for address, role, method in product(ways_in, ROLES, METHODS):
        answer, text, written = asked(world, role, method, address)
        assert answer.status_code in ({200, 302, 404} if method in {"GET", "HEAD", "POST"} else {405}), (role, method, str(address))
        assert not written, (role, method, str(address))
        assert SECRET not in text
    assert asked(world, "half a session", "GET", Address("/admin/login/code/", "second_step"))[0].status_code == 200
    assert asked(world, "half a session", "GET", Address("/admin/login/phone/", "enrol"))[0].status_code == 302, "there is a phone"


def test_every_kind_with_a_desk_is_in_the_matrix(world):
    assert {model.KIND for model in desk_models().values()} >= {"page", "term", "notice"}
    assert {kind.draft for kind in kinds.every()} >= set(desk_models().values())
