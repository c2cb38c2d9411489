"""Backlinks: the live things that lead to a thing by a link in their text or by a relation."""

from itertools import groupby
from operator import itemgetter

from django.db.models import ForeignKey, JSONField, Q, TextField
from django.db.models.functions import Cast

from publishing import kinds
from publishing.fields import ThingListField
from publishing.links import links


def linking_here(thing, moment, without=()):
    """(title, kind, address, language) of the live things that link or refer to `thing` at the moment, those in `without` left out.

    One query for all kinds, and one more for each of which something may lead here.
    """
    steps = last_steps(thing, moment)
    near = [narrowed(kind, thing, steps, moment.at).exclude(thing__in=[thing.pk, *without]).order_by() for kind in kinds.every()]
    numbers = near[0].values_list("kind", "number").union(*(editions.values_list("kind", "number") for editions in near[1:]))
    found = []
    for name, rows in groupby(sorted(numbers), key=itemgetter(0)):
        kind = kinds.get(name)
        editions = kind.edition.objects.in_bulk([number for _name, number in rows]).values()
        leading = [e for e in editions if thing.pk in kind.things_linked(e) or leads_to(kind.addresses_linked(e), thing, moment)]
        titles = {e.thing_id: (kind.title(e), getattr(e, "language", "")) for e in leading}
        targets = kind.targets(list(titles), moment)
        found += [(title, kind.label, targets[pk].address if pk in targets else "", code) for pk, (title, code) in titles.items()]
    return sorted(found)


def last_steps(thing, moment):
    """The last steps of the addresses that the thing has or had; that of the root is empty."""
    own = kinds.get(thing.kind)
    steps = {target.address.rstrip("/").rpartition("/")[2] for target in own.targets([thing.pk], moment).values()}
    if any(field.name == "slug" for field in own.edition.content_fields()):
        steps |= set(own.edition.objects.filter(thing=thing.pk).values_list("slug", flat=True))
    return steps


def narrowed(kind, thing, steps, at):
    """The live editions of a kind that may lead to the thing; all that truly do are among them.

    A relation has its id in a field that relates to things. A link has, in a text or in a list of texts, one of the last steps of its
    addresses after a stroke; that of the root is empty.
    """
    fields = kind.edition.content_fields()
    lists = {f"{field.name}_as_text": Cast(field.name, TextField()) for field in fields if isinstance(field, JSONField)}
    related = [Q(**{field.attname: thing.pk}) for field in fields if isinstance(field, ForeignKey)]
    related += [Q(**{f"{field.name}_as_text__contains": thing.pk}) for field in fields if isinstance(field, ThingListField)]
    texts = [*kind.edition.long_texts(), *(f"{field.name}_as_text" for field in fields if is_list_of_texts(field))]
    linked = [Q(**{f"{name}__contains": f"/{step}"}) for name in texts for step in steps]
    tests = [*related, *linked]
    editions = kind.edition.objects.live(at)
    return editions.annotate(**lists).filter(Q(*tests, _connector=Q.OR)) if tests else editions.none()


def is_list_of_texts(field):
    return isinstance(field, JSONField) and not isinstance(field, ThingListField)


def leads_to(addresses, thing, moment):
    targets = (links(moment)[address] for address in addresses)
    return any(target and target.thing == thing.pk for target in targets)
