"""Pages as tests read them: parsed HTML, and a crawl over everything that a visitor can reach."""

from urllib.parse import urljoin, urlsplit

import lxml.html


def parsed(response):
    return lxml.html.document_fromstring(response.content.decode())


def text_of(element):
    return " ".join(element.text_content().split())


def links(document, address):
    """The addresses of this site that a page links to, without fragments."""
    for href in document.xpath("//a/@href"):
        parts = urlsplit(urljoin(f"http://testserver{address}", href))
        if parts.netloc == "testserver":
            yield parts.path + ("?" + parts.query if parts.query else "")


def crawl(client, start="/", most=600, follow=lambda address: True):
    """Every HTML page reachable from `start`, as a dict of address and response. Pages end with a slash; files are not asked for."""
    found, seen, waiting = {}, {start}, [start]
    while waiting and len(seen) <= most:
        address = waiting.pop(0)
        response = client.get(address)
        if not response["Content-Type"].startswith("text/html") or response.status_code in {301, 302}:
            continue
        found[address] = response
        for link in links(parsed(response), address):
            if link not in seen and link.partition("?")[0].endswith("/") and follow(link):
                seen.add(link)
                waiting.append(link)
    return found
