"""Backlinks: the live things that lead to a thing by a link in their text or by a relation."""

from django.db.models import ForeignKey, Q, TextField
from django.db.models.functions import Cast

from publishing import kinds
from publishing.fields import ThingListField
from publishing.links import links


def linking_here(thing, moment, without=()):
    """(title, kind, address, language) of the live things that link or refer to `thing` at the moment, those in `without` left out."""
    found, steps = [], last_steps(thing, moment)
    for kind in kinds.every():
        editions = kind.edition.objects.live(moment.at).exclude(thing__in=[thing.pk, *without])
        related = may_refer(editions.defer(*kind.edition.long_texts()), kind, thing)
        by_relation = [e for e in related if thing.pk in kind.things_linked(e)]
        by_text = [e for e in editions.filter(may_name(kind, steps)) if leads_to(kind.addresses_linked(e), thing, moment)]
        titles = {e.thing_id: (kind.title(e), getattr(e, "language", "")) for e in [*by_relation, *by_text]}
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


def may_name(kind, steps):
    """Narrows editions to those whose texts hold one of the steps; every true link does. The root's step is empty and in all of them."""
    if not all(steps):
        return Q()
    names = kind.edition.long_texts()
    return Q(*[Q(**{f"{name}__contains": step}) for name in names for step in steps], _connector=Q.OR) if steps else Q(pk__in=[])


def may_refer(editions, kind, thing):
    """Narrows editions to those with the thing's id in a field that relates to things; every true relation has it there."""
    fields = kind.edition.content_fields()
    lists = {f"{field.name}_as_text": Cast(field.name, TextField()) for field in fields if isinstance(field, ThingListField)}
    tests = [Q(**{field.attname: thing.pk}) for field in fields if isinstance(field, ForeignKey)]
    tests += [Q(**{f"{name}__contains": thing.pk}) for name in lists]
    return editions.annotate(**lists).filter(Q(*tests, _connector=Q.OR)) if tests else editions.none()


def leads_to(addresses, thing, moment):
    targets = (links(moment)[address] for address in addresses)
    return any(target and target.thing == thing.pk for target in targets)
