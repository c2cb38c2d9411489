"""Collecting of the addresses on other sites that the texts and sources in force name."""

from hashlib import sha256
from urllib.parse import urldefrag

from django.core.validators import URLValidator
from django.db import transaction

from desk.examinations import in_force, texts_of
from markup.rendering import outside_addresses_in, safe_html
from outside_links.models import OutsideAddress, TextWithLinks
from publishing import kinds
from publishing.moment import Moment

BATCH = 200


def collect():
    """The addresses that editions in force name now, as a dict from digest to address; the tables are made to say the same."""
    addresses, texts = {}, {}
    for kind in kinds.every():
        for edition in in_force(kind, Moment()):
            if named := {digest_of(address): address for address in addresses_of(edition)}:
                addresses |= named
                texts[TextWithLinks(edition=edition.pk, kind=kind.name, thing=edition.thing_id)] = named
    with transaction.atomic():
        OutsideAddress.objects.exclude(digest__in=list(addresses)).delete()
        OutsideAddress.objects.bulk_create([OutsideAddress(digest=one) for one in addresses], BATCH, ignore_conflicts=True)
        keys = dict(OutsideAddress.objects.values_list("digest", "pk"))
        TextWithLinks.objects.all().delete()
        TextWithLinks.objects.bulk_create(texts, BATCH)
        through = TextWithLinks.addresses.through
        pairs = [(row.pk, keys[digest]) for row, named in texts.items() for digest in named]
        through.objects.bulk_create([through(textwithlinks_id=row, outsideaddress_id=key) for row, key in pairs], BATCH)
    return addresses


def addresses_of(content):
    """The http and https addresses that the texts and the address fields of an edition name, without their fragments."""
    named = set()
    for name in texts_of(type(content)):
        named |= outside_addresses_in(safe_html(getattr(content, name)))
    named |= {getattr(content, field.attname) for field in content.content_fields() if is_address(field)}
    return {urldefrag(address)[0] for address in named if address.lower().startswith(("http://", "https://"))}


def is_address(field):
    return any(isinstance(validator, URLValidator) for validator in field.validators)


def digest_of(address):
    return sha256(address.encode()).hexdigest()
