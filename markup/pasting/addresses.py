"""Addresses of pasted links: unwrapped from rewriting services, our own from the root, none that runs."""

import re
from urllib.parse import parse_qs, urlsplit

SCHEMES = {"http", "https", "mailto", "tel"}
WRAPPERS = [
    (re.compile(r"https?://[\w.-]+\.safelinks\.protection\.outlook\.com/", re.IGNORECASE), "url"),
    (re.compile(r"https?://(?:www\.)?google\.[a-z.]{2,6}/url\?", re.IGNORECASE), "q"),
]
MOST_WRAPPED = 3
UNSAFE = re.compile(r"[\s()<>\\\[\]`|\"'{}^*~]")
OWN_PICTURE = re.compile(r"/pictures/[\w-]+/")


def unwrapped(href):
    for _time in range(MOST_WRAPPED):
        name = next((name for pattern, name in WRAPPERS if pattern.match(href)), None)
        found = parse_qs(urlsplit(href).query).get(name) if name else None
        if not found:
            break
        href = found[0]
    return href


def cleaned(href, hosts):
    """The address as Markdown takes it, or nothing: for parts of the copied document, for files, for what is no address."""
    try:
        href = unwrapped(href.strip())
        url = urlsplit(href)
    except ValueError:
        return ""
    if url.scheme in {"http", "https"} and url.netloc.lower() in hosts:
        href = url._replace(scheme="", netloc="").geturl() or "/"
    elif url.scheme.lower() not in SCHEMES and not (href.startswith("/") and not url.netloc and not url.scheme):
        return ""
    if href.startswith(("//", "/\\")):
        return ""
    return UNSAFE.sub(lambda letter: "".join(f"%{byte:02x}" for byte in letter[0].encode()), href)


def own_picture(address):
    """The page of a picture of ours from the address of any of its files, or nothing."""
    found = OWN_PICTURE.match(address)
    return found[0] if found else ""
