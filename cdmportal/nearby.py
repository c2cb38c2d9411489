"""Pages whose addresses resemble one that leads nowhere."""

from difflib import get_close_matches

from pages import glossary, navigation

LONGEST = 120
MOST = 4
ALIKE = 0.7


def near(path, moment):
    """Up to four live pages and terms for a mistyped root-relative `path`: first those with the same last part, then those alike."""
    if len(path) > LONGEST or not path.strip("/"):
        return []
    titles = {node.path: node.title for node in navigation.tree(moment).by_path.values() if node.is_live and node.path != "/"}
    titles |= {term.path: term.label for term in glossary.terms(moment).live}
    asked = path.lower().rstrip("/") + "/"
    same_name = [address for address in titles if last_part(address) == last_part(asked)]
    close = get_close_matches(asked, titles, MOST, ALIKE)
    return [{"path": address, "title": titles[address]} for address in dict.fromkeys([*same_name, *close])][:MOST]


def last_part(address):
    return address.strip("/").rpartition("/")[2]
