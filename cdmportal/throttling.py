"""Slows down the guessing of passwords without letting anybody lock out another.

django-axes counts failures by name and client. A client is a device on which that very name has logged in before (a signed cookie
says so), else the network that the request comes from. So whoever guesses uses up only the tries of their own network, and never those
of the owner's device. Clients are stored as pseudonyms in the form of IPv6 addresses, because the column wants one.
"""

import hmac
import unicodedata
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.template.response import TemplateResponse

COOKIE = "device"
COOKIE_PATH = "/admin/"
REMEMBERED = 180 * 24 * 3600


def client_of(request):
    """The pseudonym under which django-axes counts failures of this request."""
    name = unicodedata.normalize("NFKC", request.POST.get("username", ""))
    device = known_device(request, name)
    return pseudonym(f"device {device}" if device else f"network {network_of(request)}")


def known_device(request, name):
    try:
        return signer(name).unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return None


def signer(name):
    return Signer(salt=f"device of {name}")


def network_of(request):
    """The sender's address, for IPv6 the network of 64 bits that one subscriber has; told by our own proxy if there is one."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{parsed}/{32 if parsed.version == 4 else 64}", strict=False))


def pseudonym(client):
    digest = hmac.digest(settings.SECRET_KEY.encode(), client.encode(), sha256)
    return str(IPv6Address(b"\xfd" + digest[:15]))


def locked_out(request, original_response=None, credentials=None):
    """What a client sees whose tries are used up; the same whether the name exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    headers = {"Retry-After": str(minutes * 60), "Cache-Control": "private, no-store"}
    return TemplateResponse(request, "429.html", {"minutes": minutes}, status=429, headers=headers).render()


@receiver(user_logged_in)
def remember_device(sender, request, user, **kwargs):
    if request is not None and not known_device(request, user.get_username()):
        request.device_to_remember = signer(user.get_username()).sign(token_urlsafe(16))


class DeviceMiddleware:
    """Gives a browser that has logged in the cookie by which it is known the next time; only the log-in form is sent it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if value := getattr(request, "device_to_remember", None):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, value, REMEMBERED, path=COOKIE_PATH, secure=secure, httponly=True, samesite="Lax")
        return response
