"""Versions of drafts: every state that somebody saved, under their name; for as long as the thing, and 30 days after a deletion.

A version is stored as what differs, line by line, from the one before, and as a whole at least once in WHOLE_EVERY versions, compressed.
"""

import json
import zlib
from hashlib import blake2b

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder

from files.store import StoredFile
from publishing import clock
from publishing.models import DraftVersion, How

WHOLE_EVERY = 25
# Shorter texts are not worth taking apart.
LONG = 400


def state(draft):
    """The content of a draft or edition as JSON keeps it, but for its place among neighbours, which others move too."""
    values = {f.attname: f.get_prep_value(getattr(draft, f.attname)) for f in draft.content_fields() if f.name not in draft.UNVERSIONED}
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def content(model, saved):
    """A state as attributes of the model, as it is defined today: what the state does not know gets the field's default."""
    fields = [field for field in model.content_fields() if field.name not in model.UNVERSIONED]
    return {f.attname: f.to_python(saved[f.attname]) if f.attname in saved else f.get_default() for f in fields}


def digest(saved):
    return blake2b(json.dumps(saved, sort_keys=True).encode(), digest_size=16).hexdigest()


def for_thing(thing):
    """The versions of a thing, newest first, without their texts."""
    return DraftVersion.objects.filter(thing=thing).defer("body").select_related("user").order_by("-number")


def open_version(model, thing, number):
    """(version, the draft as it was saved then), or None. The draft is not to be saved."""
    chain = chain_to(thing, number)
    if not chain or chain[-1].number != number:
        return None
    draft = model(pk=thing, kind=model.KIND)
    draft.put_content(content(model, unpacked(chain)))
    draft.is_version = True
    return chain[-1], draft


def chain_to(thing, number):
    """The versions from the last whole one up to `number`, in their order."""
    newest_first = list(DraftVersion.objects.filter(thing=thing, number__lte=number).order_by("-number")[:WHOLE_EVERY])
    whole = next((place for place, version in enumerate(newest_first) if version.is_whole), -1)
    return newest_first[whole::-1]


def unpacked(chain):
    saved = {}
    for version in chain:
        saved = applied(saved, version)
    return saved


def applied(before, version):
    """The state of a version, from that of the one before."""
    changes = json.loads(zlib.decompress(bytes(version.body)))
    if version.is_whole:
        return changes
    return before | {name: patched(before.get(name), change) for name, change in changes.items()}


def packed(saved, before=None):
    """A state as bytes; with `before`, only what differs from it."""
    if before is not None:
        saved = {name: delta(before.get(name), value) for name, value in saved.items() if name not in before or before[name] != value}
    return zlib.compress(json.dumps(saved).encode())


def delta(old, new):
    """Delta from the old value to the new: the value itself, or runs of old lines, [from, to], and new lines between them."""
    if not (isinstance(old, str) and isinstance(new, str) and len(old) > LONG < len(new)):
        return {"is": new}
    lines = old.split("\n")
    places = {line: place for place, line in enumerate(lines)}
    parts, following = [], -1
    for line in new.split("\n"):
        here = following if 0 <= following < len(lines) and lines[following] == line else places.get(line)
        if here is None:
            parts.append(line)
        elif parts and here == following:
            parts[-1][1] = here + 1
        else:
            parts.append([here, here + 1])
        following = -1 if here is None else here + 1
    return {"lines": parts}


def patched(old, change):
    if "is" in change:
        return change["is"]
    lines = old.split("\n")
    return "\n".join("\n".join(lines[slice(*part)]) if isinstance(part, list) else part for part in change["lines"])


def is_kept(draft):
    """Whether the draft as it is stored is the version of its number. What scripts have written is not, until the next save."""
    return DraftVersion.objects.filter(thing=draft.pk, number=draft.version, digest=digest(state(draft))).exists()


def number_after(stored):
    """The number of the next version; one is left for the stored state where its own number has another state."""
    is_taken = not is_kept(stored) and DraftVersion.objects.filter(thing=stored.pk, number=stored.version).exists()
    return stored.version + (2 if is_taken else 1)


def follow(stored, draft, **about):
    """Add the content of `draft` as a version after the `stored` state, and the stored state if it is no version yet."""
    if not is_kept(stored):
        found = last_logged_save(stored)
        keep(stored, draft.version - 1, how=How.FOUND, **found)
    keep(draft, draft.version, before=state(stored), **about)


def ensure(draft):
    """Make the stored draft a version if it is none yet; its number may rise for that."""
    if not is_kept(draft):
        number = number_after(draft) - 1
        type(draft).objects.filter(pk=draft.pk).update(version=number)
        draft.version = number
        keep(draft, number, how=How.FOUND, **last_logged_save(draft))


def made_by(draft, user, slot):
    """The draft that a person has made of a new one's content by the form with this slot, or None."""
    own = DraftVersion.objects.filter(user=user, slot=slot, digest=digest(state(draft))) if slot else DraftVersion.objects.none()
    return type(draft).objects.filter(pk__in=own.values("thing")).first()


def begin(draft, **about):
    """Add the first version of a new draft."""
    keep(draft, draft.version, **about)


def keep(draft, number, before=None, user=None, **about):
    saved = state(draft)
    earlier = DraftVersion.objects.filter(thing=draft.pk, number__lt=number).order_by("-number").values_list("is_whole", flat=True)
    is_whole = before is None or not any(earlier[: WHOLE_EVERY - 1])
    files = (value for value in draft.content().values() if isinstance(value, StoredFile))
    DraftVersion.objects.create(
        thing_id=draft.pk,
        number=number,
        user=user,
        is_whole=is_whole,
        digest=digest(saved),
        body=packed(saved, None if is_whole else before),
        changed=[name for name, value in saved.items() if (before or {}).get(name) != value] if before is not None else [],
        file=next(files, None),
        **{"author": user.get_username() if user else "", "made": clock.now()} | about,
    )


def last_logged_save(draft):
    """User and time of the last save of a draft in the log of the desk, for a state from before there were versions."""
    own = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(draft), object_id=str(draft.pk))
    last = own.select_related("user").order_by("-action_time").first()
    return {"user": last.user, "made": last.action_time} if last else {}


def rewrite(model, thing, change):
    """Let `change(version, content)` alter the contents of all versions of a thing, in their order; for erasures."""
    before = was = None
    for version in DraftVersion.objects.filter(thing=thing).order_by("number"):
        was = applied(was or {}, version)
        draft = model(pk=thing)
        draft.put_content(content(model, was))
        change(version, draft)
        saved = state(draft)
        version.body, version.digest = packed(saved, None if version.is_whole else before), digest(saved)
        version.file = next((value for value in draft.content().values() if isinstance(value, StoredFile)), None)
        version.save()
        before = saved
