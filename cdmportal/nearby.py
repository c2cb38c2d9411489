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
    tree, terms = navigation.tree(moment), glossary.entries(moment)
    pages = {node.path: node for node in tree.by_path.values() if node.is_live and node.path != "/"} | terms.by_path
    asked = path.lower().rstrip("/") + "/"
    same_name = [address for address in pages if last_part(address) == last_part(asked)]
    return [pages[address] for address in dict.fromkeys([*same_name, *get_close_matches(asked, pages, MOST, ALIKE)])][:MOST]


def last_part(address):
    return address.strip("/").rpartition("/")[2]
