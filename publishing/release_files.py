"""Content that comes with a release, offered to a record that exists: each new or changed shipped file becomes a draft, and nothing else.

A publisher publishes such drafts, which bear the dates of what they tell. What editors have written, in a draft or in the record, stays:
the file is left, and the answer says why. Asked again, nothing happens that has happened already.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing import draft_versions, kinds
from publishing.content_files import ContentFileError, Post, described, shipped_posts
from publishing.models import Action, DeletedDraft, DraftVersion, How, Thing, WorkingCopy

MADE, CHANGED, WAITING, LEFT, KNOWN = "made", "changed", "waiting", "left", "known"


@dataclass(frozen=True)
class Outcome:
    """What became of the newest shipped file of a thing."""

    reference: str
    what: str
    title: str = ""
    day: str = ""
    why: str = ""

    def __str__(self):
        told = " ".join(filter(None, (self.reference, self.title and f"“{self.title}”", self.day and f"({self.day})")))
        return f"{self.what}: {told}" + (f": {self.why}" if self.why else "")


@transaction.atomic
def offer(folder):
    """Make the drafts and return an Outcome for each thing that is shipped. Raises ContentFileError for what cannot be read."""
    posts = newest(shipped_posts(folder))
    things = {thing.reference: thing.pk for thing in Thing.objects.all()}
    binned = {f"{kind}/{key}" for kind, key in DeletedDraft.objects.values_list("kind", "key")}
    found = {name: Outcome(name, LEFT, why="an editor has deleted the draft") for name in posts if name in binned - things.keys()}
    new, missing = resolvable({name: post for name, post in posts.items() if name not in things and name not in found}, things)
    found |= {name: Outcome(name, LEFT, why=why) for name, why in missing.items()}
    found |= make(new, things)
    for name, post in posts.items():
        if name not in found:
            found[name] = renew(post, things)
    return [found[name] for name in sorted(found)]


def newest(posts):
    """The newest file of each thing that is in force by now, else its first, by reference."""
    by_reference, now = {}, timezone.now()
    for post in sorted(posts, key=Post.order):
        if post.reference not in by_reference or post.moment("live_from") <= now:
            by_reference[post.reference] = post
    return by_reference


def resolvable(posts, things):
    """(those of the new posts that refer to what there is or will be, why not of the others, by reference)."""
    posts, missing = dict(posts), {}
    while True:
        ids = things | dict.fromkeys(posts, 0)
        gone = {}
        for name, post in posts.items():
            try:
                post.content(kinds.get(post.kind).draft, ids)
            except ContentFileError as error:
                gone[name] = str(error)
        if not gone:
            return posts, missing
        missing |= gone
        posts = {name: post for name, post in posts.items() if name not in gone}


def make(posts, things):
    """New things with their drafts. All are there before the first is checked, since they refer to each other."""
    parts = {name: name.split("/", 1) for name in posts}
    Thing.objects.bulk_create(Thing(kind=kind, key=key) for kind, key in parts.values())
    things |= {thing.reference: thing.pk for thing in Thing.objects.filter(kind__in={kind for kind, _key in parts.values()})}
    drafts = {}
    for name, post in posts.items():
        model = kinds.get(post.kind).draft
        drafts[name] = draft = model(pk=things[name], kind=post.kind, key=parts[name][1])
        draft.put_content(shipped(post, model, things))
        draft.save_base(raw=True, force_insert=True)
    for name, post in posts.items():
        checked(drafts[name], post).save()
        draft_versions.begin(drafts[name], how=How.RELEASE)
    return {name: told(MADE, post, drafts[name]) for name, post in posts.items()}


def renew(post, things):
    """Put a changed file into the draft of its thing, unless an editor has a word in it."""
    kind = kinds.get(post.kind)
    stored = kind.draft.objects.get(pk=things[post.reference])
    draft = kind.draft.objects.get(pk=stored.pk)
    try:
        draft.put_content(shipped(post, kind.draft, things) | kept_places(stored))
    except ContentFileError as error:
        return told(LEFT, post, stored, str(error))
    wanted = draft_versions.state(checked(draft, post))
    if post.values.get("action", Action.PUBLISH) != Action.PUBLISH:
        return told(KNOWN, post, stored)
    editions = list(kind.edition.objects.ever_in_force().filter(thing=stored.pk).order_by("number"))
    texts = [e for e in editions if e.action == Action.PUBLISH and not e.is_erased()]
    if texts and wanted == draft_versions.state(texts[-1]):
        return told(KNOWN, post, stored)
    if wanted == draft_versions.state(stored):
        return told(WAITING, post, stored, "to be published at the desk")
    if why := reason_to_leave(stored, editions, texts, wanted):
        return told(why[0], post, stored, why[1])
    if not draft.save_if_unchanged(stored.version, how=How.RELEASE):
        return told(LEFT, post, stored, "an editor has just saved the draft")
    return told(CHANGED, post, stored)


def reason_to_leave(stored, editions, texts, wanted):
    """(LEFT or KNOWN, why), or None where no editor has had a word in the thing since the last release."""
    came = set(DraftVersion.objects.filter(thing=stored.pk, how=How.RELEASE).values_list("digest", flat=True))
    if any(edition.is_erased() or edition.action == Action.ERASE for edition in editions):
        return LEFT, "a text of it was erased"
    if editions and editions[-1].action == Action.WITHDRAW:
        return LEFT, "it was withdrawn"
    if texts and not (texts[-1].imported or not texts[-1].author or draft_versions.digest(draft_versions.state(texts[-1])) in came):
        is_old = any(wanted == draft_versions.state(edition) for edition in texts)
        return (KNOWN, "") if is_old else (LEFT, "editors have published a text of their own")
    if WorkingCopy.objects.filter(thing=stored.pk, discarded=None).exists():
        return LEFT, "an editor is writing in its form"
    if not is_untouched(stored, texts[-1] if texts else None, came):
        return LEFT, "an editor has changed the draft"
    return None


def is_untouched(stored, published, came):
    """Whether the draft is as a release left it, or as it was published but for relations that a release has put in."""
    now = draft_versions.state(stored)
    if draft_versions.digest(now) in came:
        return True
    put_in = DraftVersion.objects.filter(thing=stored.pk, how=How.RELATION).values_list("changed", flat=True)
    before = draft_versions.state(published) if published else {}
    return bool(published) and all(now[name] == before[name] for name in now if not any(name in names for names in put_in))


def shipped(post, model, things):
    """All content of the file, with the defaults of what it leaves out."""
    return {field.attname: field.get_default() for field in model.content_fields()} | post.content(model, things)


def kept_places(stored):
    """What versions leave out, such as a place among neighbours, which others move too."""
    return {name: getattr(stored, name) for name in stored.UNVERSIONED}


def checked(draft, post):
    """The draft, cleaned as a form would."""
    try:
        draft.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise post.wrong(described(error)) from error
    return draft


def told(what, post, draft, why=""):
    return Outcome(post.reference, what, kinds.get(post.kind).title(draft), getattr(draft, "shown_date", ""), why)


def summary(outcomes):
    """How many there were of each."""
    return {what: sum(outcome.what == what for outcome in outcomes) for what in (MADE, CHANGED, WAITING, LEFT, KNOWN)}
