"""What links here: the live things that lead to a thing by a link in their text or by a relation."""

from django.db.models import Q

from publishing import kinds
from publishing.links import links


def linking_here(thing, moment, without=()):
    """(title, address or "") of the live things that link or refer to `thing` at the moment, those in `without` left out."""
    found = []
    for kind in kinds.every():
        editions = kind.edition.objects.live(moment.at).exclude(thing__in=[thing.pk, *without])
        by_relation = [e for e in editions.defer(*kind.edition.long_texts()) if thing.pk in kind.things_linked(e)]
        by_text = [e for e in editions.filter(may_name(kind, thing, moment)) if leads_to(kind.addresses_linked(e), thing, moment)]
        titles = {e.thing_id: kind.title(e) for e in [*by_relation, *by_text]}
        targets = kind.targets(list(titles), moment)
        found += [(title, targets[pk].address if pk in targets else "") for pk, title in titles.items()]
    return sorted(found)


def may_name(kind, thing, moment):
    """Narrows editions to those whose texts hold the last step of an address that the thing has or had; every true link does."""
    own = kinds.get(thing.kind)
    steps = {target.address.rstrip("/").rpartition("/")[2] for target in own.targets([thing.pk], moment).values()}
    if any(field.name == "slug" for field in own.edition.content_fields()):
        steps |= set(own.edition.objects.filter(thing=thing.pk).values_list("slug", flat=True))
    if not all(steps):
        return Q()
    return (
        Q(*[Q(**{f"{name}__contains": step}) for name in kind.edition.long_texts() for step in steps], _connector=Q.OR)
        if steps
        else Q(pk__in=[])
    )


def leads_to(addresses, thing, moment):
    targets = (links(moment)[address] for address in addresses)
    return any(target and target.thing == thing.pk for target in targets)
