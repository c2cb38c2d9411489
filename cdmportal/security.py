"""Security headers of every answer: content security policy, features switched off, isolation from other sites."""

from django.conf import settings

# Everything is forbidden, then opened for what the portal uses. No inline script or style, no other site.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FEATURES_OFF = (
    "accelerometer autoplay browsing-topics camera display-capture geolocation gyroscope "
    "magnetometer microphone midi payment screen-wake-lock serial usb xr-spatial-tracking"
).split()


def policy():
    rules = [f"{directive} {sources}" for directive, sources in CONTENT_SECURITY_POLICY.items()]
    if settings.SECURE_SSL_REDIRECT:
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)


def headers():
    """The headers that stand in every answer unless a view set its own."""
    return {
        "Content-Security-Policy": policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES_OFF),
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }


class SecurityHeadersMiddleware:
    """Middleware, first in the list, so that errors of the others bear the headers too. Answers to people logged in may not be stored."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.headers = headers()

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response
