"""Settings of the CDM portal: embedded defaults, everything that varies from the environment.

The README has the table of variables. Nothing set means development on one machine; `PRODUCTION=1` refuses to start without what it needs.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cdmportal.database_url import database

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").expanduser().resolve()


def flag(name):
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def words(name):
    return os.environ.get(name, "").replace(",", " ").split()


def required_in_production(name, development_value, remedy):
    """The variable's value; in production its absence stops the start and names the remedy."""
    value = os.environ.get(name, "")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return development_value


def second_factor_of(default):
    """The names of the roles that SECOND_FACTOR demands a second factor of."""
    roles = {"author": "Author", "publisher": "Publisher", "administrator": "Administrator", "none": ""}
    named = words("SECOND_FACTOR") or default.split()
    try:
        return frozenset(roles[word.lower()] for word in named) - {""}
    except KeyError as unknown:
        raise ImproperlyConfigured(f"SECOND_FACTOR names {unknown}; it knows Author, Publisher, Administrator, none.") from unknown


# What kind of run this is

PRODUCTION = flag("PRODUCTION")
DEBUG = flag("DEBUG") and not PRODUCTION
SECRET_KEY = required_in_production(
    "SECRET_KEY",
    "development-only-" + "x" * 50,
    'Make one with: python -c "import secrets; print(secrets.token_urlsafe(60))"',
)
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = (
    required_in_production(
        "ALLOWED_HOSTS", "127.0.0.1 localhost [::1]", "Name the hosts that the portal answers for: ALLOWED_HOSTS=cdm.example.org"
    )
    .replace(",", " ")
    .split()
)
SITE_ADDRESS = required_in_production(
    "SITE_ADDRESS",
    f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}",
    "Canonical links and feeds need the public address: SITE_ADDRESS=https://cdm.example.org",
).rstrip("/")

# Applications, in the order of the design's rooms

INSTALLED_APPS = [
    "cdmportal.apps.CdmportalConfig",
    "submissions",
    "pages",
    "documents",
    "search",
    "news",
    "registry",
    "bodies",
    "calls",
    "areas.apps.AreasConfig",
    "accounts.apps.AccountsConfig",
    "accounts.apps.SiteConfig",
    "outside_links.apps.OutsideLinksConfig",
    "desk.apps.DeskConfig",
    "publishing",
    "mail.apps.MailConfig",
    "files",
    "markup",
    "due.apps.DueConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "cdmportal.logs.RequestLogMiddleware",
    "cdmportal.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cdmportal.middleware.MomentMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cdmportal.openapi.views.MachineRequestMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.throttling.DeviceMiddleware",
    "axes.middleware.AxesMiddleware",
    "cdmportal.page_cache.outage.OutageMiddleware",
    "accounts.throttling.LoginMiddleware",
]
ROOT_URLCONF = "cdmportal.urls"
WSGI_APPLICATION = "cdmportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data

# A pool such as pgbouncer stands before PostgreSQL: no options at the start of a connection, the role has the limits.
DATABASE_POOL = flag("DATABASE_POOL")
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}", DATABASE_POOL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", VAR_DIR / "media"))
# Files that no public address leads to; never below MEDIA_ROOT.
PRIVATE_ROOT = Path(os.environ.get("PRIVATE_ROOT") or VAR_DIR / "private")
# Uploads go to disk as they come and stop at a limit.
FILE_UPLOAD_HANDLERS = ["files.uploads.CappedUploadHandler"]
# The internal location of nginx that sends stored files, so that no slow reader holds a thread of ours.
X_ACCEL_REDIRECT = os.environ.get("X_ACCEL_REDIRECT", "").rstrip("/")
X_ACCEL_REDIRECT += "/" if X_ACCEL_REDIRECT else ""

# Static files: an absolute address, since a relative one would be cached with the prefix of a moment

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["cdmportal.staticfiles.JoiningFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail: printed where no server is named

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or f"portal@{urlsplit(SITE_ADDRESS).hostname}"
MAIL_TITLES = os.environ.get("MAIL_TITLES", "1") != "0"

# Search. Haystack is not among the applications: its commands would write past the indexer, and its highlighting does not escape.

HAYSTACK_CONNECTIONS = {
    "default": {"ENGINE": "search.backend.Engine", "PATH": VAR_DIR / "search"},
}

# Language and time: the portal speaks in UTC

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Security

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_ENGINE = "cdmportal.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_FAILURE_VIEW = "desk.resubmission.csrf_failure"
# Forms tell their editors when a text is too long; what is longer than this is not even read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # cdmportal.security sends X-Frame-Options, and frame-ancestors beside it
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]
# Only a proxy of our own may say by which scheme and from where a request came; otherwise X-Forwarded-* is ignored.
BEHIND_PROXY = flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
if PRODUCTION:
    SECURE_SSL_REDIRECT = not flag("PLAIN_HTTP")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# Guessing of passwords: five failures close one name for one client for a while. A client is a device on which that name has logged in
# before, else an address, so nobody can close a name for its owner (accounts/throttling.py).

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.client_of"
AXES_LOCKOUT_CALLABLE = "accounts.throttling.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# The second factor: the roles that must have one, from their next log-in on

SECOND_FACTOR = second_factor_of("Publisher Administrator" if PRODUCTION else "none")
OTP_TOTP_ISSUER = urlsplit(SITE_ADDRESS).hostname  # what an app shows beside the codes
DESK_CONTACT = os.environ.get("DESK_CONTACT", "")

# The page cache around the application: bytes a worker, 0 for none

PAGE_CACHE_BYTES = int(os.environ.get("PAGE_CACHE_BYTES") or 16_000_000)

# Logs: one JSON object a line on standard error, without personal data

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "cdmportal.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}, "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        # Each request has its own line with its status, so 404 and foreign hosts need no second one.
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # It writes the names and addresses of people.
        "axes": {"handlers": ["nowhere"], "propagate": False},
    },
}
