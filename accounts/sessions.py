"""Sessions of people: where since when, and how each is ended. A session is known by a digest of its key, so the table opens none."""

import re
import time
from hashlib import sha256
from ipaddress import ip_network

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import half
from accounts.models import AccountSession
from accounts.throttling import sender
from markup.lru import LRU

DIGEST = re.compile(r"[0-9a-f]{64}")
EVERY = 300  # seconds between two signs of life that are written
BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|Chromium/|CriOS/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
]
SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
]
written = LRU(2_000, size=lambda _when: 1)  # when a session's sign of life was last looked at by this process


def digest(key):
    return sha256(key.encode()).hexdigest()


def browser_in_words(agent):
    """`Firefox on Linux`, from what a browser says of itself."""
    browser = next((name for name, pattern in BROWSERS if re.search(pattern, agent)), "")
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown browser")


def shortened_network(request):
    """The network that a request comes from, without the part that names one machine in it."""
    address = sender(request)
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False)) if address else ""


@receiver(user_logged_in)
def begin(request, user, **_kwargs):
    """Note a session that has just begun."""
    if request is not None and request.session.session_key:
        note(request, user)


def note(request, user):
    name = digest(request.session.session_key)
    about = {"browser": browser_in_words(request.META.get("HTTP_USER_AGENT", "")), "network": shortened_network(request)}
    AccountSession.objects.update_or_create(pk=name, defaults={"user": user, "seen": timezone.now(), **about})
    written.put(name, time.monotonic())


def sign_of_life(request):
    """Write that a session is in use, at most every five minutes."""
    name = digest(request.session.session_key or "")
    last = written.get(name)
    if last is not None and time.monotonic() - last < EVERY:
        return
    row = AccountSession.objects.filter(pk=name).first()
    if row is None or (timezone.now() - row.seen).total_seconds() >= EVERY:
        note(request, request.user)
    written.put(name, time.monotonic())


@receiver(user_logged_out)
def log_out(request, **_kwargs):
    if request is not None and request.session.session_key:
        AccountSession.objects.filter(pk=digest(request.session.session_key)).delete()


def open_sessions(user):
    """The person's sessions that are still open, the latest first."""
    there = {digest(key) for key in Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True)}
    return [row for row in AccountSession.objects.filter(user=user) if row.pk in there]


def end(user, name):
    """End one session of the person, by its digest; returns whether it was one."""
    if not DIGEST.fullmatch(name) or not AccountSession.objects.filter(user=user, pk=name).delete()[0]:
        return False
    keys = [key for key in Session.objects.values_list("session_key", flat=True) if digest(key) == name]
    Session.objects.filter(session_key__in=keys).delete()
    return True


def end_all(user, but=""):
    """End all sessions of the person, half ones too, except the one with the key `but`; returns how many there were."""
    keys = [row.session_key for row in Session.objects.exclude(session_key=but) if is_of(user, row.get_decoded())]
    Session.objects.filter(session_key__in=keys).delete()
    AccountSession.objects.filter(user=user).exclude(pk=digest(but)).delete()
    return len(keys)


def is_of(user, held):
    return held.get("_auth_user_id") == str(user.pk) or held.get(half.NAME, {}).get("user") == user.pk


def forget_ended():
    """Delete the notes of sessions that are over; returns how many."""
    there = {digest(key) for key in Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True)}
    gone = [name for name in AccountSession.objects.values_list("pk", flat=True) if name not in there]
    return AccountSession.objects.filter(pk__in=gone).delete()[0]
