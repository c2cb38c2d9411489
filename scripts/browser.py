"""Place of Debian's Chromium; the browser tests drive it, and say so when it is missing."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


def require_chromium():
    if not chromium():
        raise SystemExit("The browser tests need Chromium: apt-get install chromium")
