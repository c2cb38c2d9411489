"""Second factor: who must have one, how a code is checked, how it is set up and taken away.

A code of the phone is asked of the phone, a recovery code of the recovery codes: whoever mistypes one does not have to wait with the other.
"""

from base64 import b32encode
from binascii import unhexlify
from dataclasses import dataclass

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import mark_safe

from accounts.models import AccountEvent, Phone, RecoveryCodes
from accounts.sessions import end_all
from accounts.telling import tell
from publishing.roles import role

What = AccountEvent.What
ALARMING = 5  # wrong codes in a row, of which the owner is told
# At first any clock that is wrong by two minutes is taken, since the key was shown a moment ago; the difference is learnt.
FIRST_TOLERANCE = 4


@dataclass(frozen=True)
class Verdict:
    """Whether a code was right; how many seconds to wait before the next; how many recovery codes are left."""

    right: bool = False
    wait: int = 0
    left: int | None = None


def is_demanded(user):
    return role(user) in settings.SECOND_FACTOR


def phone(user):
    return Phone.objects.filter(user=user, confirmed=True).first()


def codes_left(user):
    codes = RecoveryCodes.objects.filter(user=user).first()
    return len(codes.digests) if codes else 0


def next_step(user):
    """The name of the address where somebody goes whose password was right; empty where that is enough."""
    if phone(user):
        return "admin:second_step"
    return "admin:enrol" if is_demanded(user) else ""


@transaction.atomic
def checked(device_class, user, code):
    """The Verdict of one device of the person on a code."""
    device = device_class.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return Verdict()
    if wait := device.seconds_to_wait():
        return Verdict(wait=wait)
    right = device.verify_token(code)
    if right and device_class is RecoveryCodes:
        tell(user, What.RECOVERED)
        return Verdict(right, left=len(device.digests))
    if not right and device.throttling_failure_count == ALARMING:
        tell(user, What.GUESSED)
    return Verdict(right, device.seconds_to_wait())


def key_in_groups(key):
    """The key as it is typed into an app that cannot read the picture."""
    letters = b32encode(unhexlify(key)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def address_for_app(user, key):
    return Phone(user=user, key=key).config_url


def picture(user, key):
    """The key as a QR code in SVG, without styles."""
    code = segno.make(address_for_app(user, key), error="m", micro=False)
    return mark_safe(code.svg_inline(scale=5, border=4, dark="#000", light="#fff"))  # noqa: S308 - made by the library from our own words


@transaction.atomic
def enrol(user, key, code, is_first):
    """Take the phone with this key if the code is its own; returns the new recovery codes, or None. The phone from before is forgotten.

    For somebody who has logged in only by half, `is_first`, nothing is taken where there is a phone already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if is_first and phone(user):
        return None
    new = Phone(user=user, name=user.get_username(), key=key, tolerance=FIRST_TOLERANCE)
    if not is_code_of(new, code):
        return None
    Phone.objects.filter(user=user).exclude(pk=new.pk).delete()
    tell(user, What.ENROLLED)
    return draw_codes(user)


def is_code_of(new, code):
    """Whether the code is of the new phone, which then is saved with the difference of its clock."""
    with transaction.atomic():
        new.save()
        if not new.verify_token(code):
            new.delete()
            return False
        new.tolerance = 1
        new.save(update_fields=["tolerance"])
    return True


def draw_codes(user):
    """Ten new recovery codes, in the place of all from before."""
    RecoveryCodes.objects.filter(user=user).delete()
    codes = RecoveryCodes.drawn()
    kept = RecoveryCodes(user=user, name=user.get_username())
    kept.digests = [kept.digest(code) for code in codes]
    kept.save()
    return codes


@transaction.atomic
def renew_codes(user):
    tell(user, What.RENEWED)
    return draw_codes(user)


@transaction.atomic
def forget(user, what, by="", reason=""):
    """Take phone and recovery codes away; returns whether there were any. By another person: all sessions end, half ones too."""
    count = Phone.objects.filter(user=user).delete()[0] + RecoveryCodes.objects.filter(user=user).delete()[0]
    if what == What.RESET:
        end_all(user)
    tell(user, what if count else What.ENDED, by, reason)
    return bool(count)
