"""The portal's settings for tests: whatever the developer's environment says, all files lie in a folder that goes with the process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="cdm-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in (
    "PRODUCTION",
    "DEBUG",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_ADDRESS",
    "MEDIA_ROOT",
    "PRIVATE_ROOT",
    "STATIC_ROOT",
    "PORT",
    "LOG_LEVEL",
):
    os.environ.pop(name, None)
os.environ["VAR_DIR"] = str(FOLDER)

from cdmportal.settings import *  # noqa: E402, F403 - the environment must be set first; the whole point is to take all of them
from cdmportal.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402 - as above

STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected for tests
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in earnest: threads that share a database in memory lock each other out.
    DATABASES["default"]["TEST"] = {"NAME": FOLDER / "test.sqlite3"}
