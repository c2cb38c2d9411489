"""Slows down the guessing of passwords without letting anybody lock out another.

django-axes counts failures by name and client. A client is a device on which that very name has logged in before (a signed cookie
says so), else the network that the request comes from. So whoever guesses uses up only the tries of their own network, and never those
of the owner's device. Clients are stored as pseudonyms in the form of IPv6 addresses, because the column wants one. A network that has
failed too often under any names tries no more for a while; devices known there still do.

Hashing a password takes a core for a third of a second on purpose. So in each process one stranger at a time is let in, and one device.
"""

import hmac
import re
import unicodedata
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from secrets import token_urlsafe
from threading import BoundedSemaphore

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, Signer
from django.db.models import Sum
from django.dispatch import receiver
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts import half

COOKIE = "device"
LOG_INS = ("/admin/login/", "/extranets/log-in/")  # that of the desk, and that of the areas of members
ASKING = re.compile(r"/extranets/log-in/|/admin/(?:login|password_change|account/second-factor|auth/user/[0-9]+/second-factor)/")
REMEMBERED = 180 * 24 * 3600
NETWORK_LIMIT = 20  # failures of one network under all names together, within the time after which they are forgotten
PATIENCE = 5  # seconds that one log-in waits for another's end
SOON = 2  # seconds after which to try again where others log in


def client_of(request):
    """The pseudonym under which django-axes counts failures of this request."""
    device = asking_device(request)
    return pseudonym(f"device {device}") if device else network_client(request)


def network_client(request):
    return pseudonym(f"network {network_of(request)}")


def asking_device(request):
    """The device that the request comes from, if who asks has logged in there before."""
    return known_device(request, asking_name(request))


def asking_name(request):
    """The name given at the log-in; elsewhere of who is logged in, or has typed the right password and owes the second factor."""
    if request.path_info not in LOG_INS:
        user = getattr(request, "user", None)  # missing where a session is made without a browser
        if user and user.is_authenticated:
            return user.get_username()
        if name := half.facts(request).get("name"):
            return name
    return unicodedata.normalize("NFKC", request.POST.get("username", ""))


def known_device(request, name):
    try:
        return signer(name).unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return None


def signer(name):
    return Signer(salt=f"device of {name}")


def sender(request):
    """The address that a request comes from, told by our own proxy if there is one; None where it is none."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def network_of(request):
    """The sender's address, for IPv6 the network of 64 bits that one subscriber has."""
    address = sender(request)
    return str(ip_network(f"{address}/{32 if address.version == 4 else 64}", strict=False)) if address else "unknown"


def pseudonym(client):
    digest = hmac.digest(settings.SECRET_KEY.encode(), client.encode(), sha256)
    return str(IPv6Address(b"\xfd" + digest[:15]))


def locked_out(request, *_args, **_kwargs):
    """429 for a client whose tries are used up; the same whether the name exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return refusal(request, minutes * 60, {"minutes": minutes, "is_known_device": bool(asking_device(request))})


def refusal(request, seconds, context):
    headers = {"Retry-After": str(seconds), "Cache-Control": "private, no-store"}
    context["carried"] = request.POST.get("carried", "")
    return TemplateResponse(request, "429.html", context, status=429, headers=headers).render()


def is_exhausted(network):
    """Whether the tries of a network's strangers are used up, whatever names they gave."""
    recent = AccessAttempt.objects.filter(ip_address=network, attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME)
    return (recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0) >= NETWORK_LIMIT


class Turns:
    """One at a time, and one more who waits; everybody else is sent away at once, since whoever waits holds a thread."""

    def __init__(self):
        self._present, self._turn = BoundedSemaphore(2), BoundedSemaphore(1)

    def take(self):
        """Whether the caller may go on; then it gives back when it has done."""
        if not self._present.acquire(blocking=False):
            return False
        if self._turn.acquire(timeout=PATIENCE):
            return True
        self._present.release()
        return False

    def give_back(self):
        self._turn.release()
        self._present.release()


class LoginMiddleware:
    """Last in the list. Passwords are proved in turn, strangers apart from devices; a network that failed too often is refused."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.strangers, self.known_devices = Turns(), Turns()

    def __call__(self, request):
        if not asks_a_password(request):
            return self.get_response(request)
        request.POST.get("username")  # reads the form to its end, before anybody's turn begins
        turns = self.known_devices if asking_device(request) else self.strangers
        if not turns.take():
            return refusal(request, SOON, {})
        try:
            return self.get_response(request)
        finally:
            turns.give_back()

    def process_view(self, request, _view, _args, _kwargs):
        """After the form's token has been checked and the database is known to answer."""
        if asks_a_password(request) and not asking_device(request) and is_exhausted(network_client(request)):
            return locked_out(request)
        return None


def asks_a_password(request):
    """Whether a password is proved by this request: at the log-in, or where it is asked again."""
    return request.method == "POST" and ASKING.fullmatch(request.path_info) is not None


@receiver(user_logged_in)
def remember_device(request, user, **kwargs):
    if request is not None and not known_device(request, user.get_username()):
        request.device_to_remember = signer(user.get_username()).sign(token_urlsafe(16))


class DeviceMiddleware:
    """Gives a browser that has logged in the cookie by which it is known the next time; only pages beside the same log-in are sent it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if value := getattr(request, "device_to_remember", None):
            secure = settings.SESSION_COOKIE_SECURE
            path = f"/{request.path_info.split('/')[1]}/"
            response.set_cookie(COOKIE, value, REMEMBERED, path=path, secure=secure, httponly=True, samesite="Lax")
        return response
