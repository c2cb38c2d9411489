"""Every public address of a portal, found by following links from the front page, the site map and feeds; none is listed by hand."""

import re
from urllib.parse import urljoin, urlsplit

from tests.serving import Portal

LINK = re.compile(r"""(?:href|src|action|srcset)=["']([^"']+)["']|<loc>([^<]+)</loc>|<link>([^<]+)</link>|"url": ?"([^"]+)\"""")
STARTS = ("/", "/sitemap.xml", "/robots.txt", "/llms.txt")
READABLE = ("text/", "application/atom", "application/rss", "application/xml", "application/json", "application/feed+json")


def links_in(text, base):
    for found in LINK.finditer(text):
        address = urlsplit(urljoin(base, next(filter(None, found.groups())).replace("&amp;", "&")))
        if address.netloc in {"localhost", "127.0.0.1:8000", "testserver"} and address.scheme in {"http", "https"}:
            yield address.path + (f"?{address.query}" if address.query else "")


def crawl(portal: Portal, starts=STARTS, most=3000, **headers):
    """Yields (address, answer) of every address that can be reached, each once."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) <= most:
        address = waiting.pop()
        answer = portal.get(address, **headers)
        yield address, answer
        found = []
        if answer["Location"]:
            found = [urlsplit(urljoin("http://localhost" + address, answer["Location"])).path]
        elif (answer["Content-Type"] or "").startswith(READABLE):
            found = list(links_in(answer.body.decode(errors="replace"), "http://localhost" + address))
        for link in found:
            if link not in seen:
                seen.add(link)
                waiting.append(link)
