"""Relevance of the site search: `make bench-relevance`.

Puts the queries of search_queries.json to the shipped content. A page counts once, at its first place; a best match is the first hit.
Beside ours, in the same run, SQLite's FTS5 (Porter's stemmer) and plain BM25 order the same titles and texts. Queries of the kind
“not on the site” have no right page: for these the first hits are printed, and whether the answer says that it is partial.
Where the registry has the very thing that a query names, such as a methodology, a second figure counts its page as right too; with
`--data FOLDER` the registry is that of the files in it instead of the shipped sample.
Below it: how often misspelt names are suggested, and how many passages are whole (bench.suggestions, bench.passages).
"""

import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from io import StringIO
from math import log
from pathlib import Path

# Pages of the registry that are the very thing a query names; they join its right ones in a second figure.
JOINED = {
    "AMS-I.D": ["/methodologies/AMS-I.D./"],
    "AM0001": ["/methodologies/AM0001/"],
    "acm 0012": ["/methodologies/ACM0012/"],
    "AMS III.AJ recycling": ["/methodologies/AMS-III.AJ./"],
    "AM0034 clarification": ["/methodologies/AM0034/"],
    "China": ["/parties/CN/"],
    "Dominican Republic": ["/parties/DO/"],
    "TUV SUD": ["/entities/tuv-sud/"],
}
QUERIES = [
    query | {"joined": JOINED.get(query["query"], [])} for query in json.loads(Path(__file__).with_name("search_queries.json").read_text())
]
FOREIGN = {"French", "Spanish", "German or Portuguese"}
NOWHERE = "not on the site"
DEPTH = 10
MISSPELT = 1000


def main():
    folder = Path(tempfile.mkdtemp(prefix="cdm-bench-"))
    os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    try:
        report("--misses" in sys.argv)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(shows_misses):
    from django.core.management import call_command

    call_command("prepare", verbosity=0)
    if "--data" in sys.argv:
        call_command("import_registry", sys.argv[sys.argv.index("--data") + 1], stdout=StringIO())
    call_command("run_indexer", once=True, verbosity=0)
    texts = searched_texts()
    engines = {"ours": ours, "FTS5": fts5(texts), "BM25": bm25(texts)}
    found = {name: {query["query"]: search(query["query"])[:DEPTH] for query in QUERIES} for name, search in engines.items()}
    groups = {"English": lambda kind: kind not in FOREIGN, "other languages": FOREIGN.__contains__, "all": bool}
    print(f"{'':24}" + "".join(f"{name:>18}" for name in engines) + "      (right page among the first three, mean reciprocal rank)")
    for group, belongs in groups.items():
        chosen = [query for query in QUERIES if query["right"] and belongs(query["kind"])]
        cells = [f"{among(chosen, found[name], 3):9.3f}{reciprocal(chosen, found[name]):9.3f}" for name in engines]
        print(f"{group:17}{len(chosen):6} " + "".join(cells))
        if any(query["joined"] for query in chosen):
            joined = [query | {"right": [*query["right"], *query["joined"]]} for query in chosen]
            print(f"{'  with what it names':24}{among(joined, found['ours'], 3):9.3f}{reciprocal(joined, found['ours']):9.3f}")
    for kind in dict.fromkeys(query["kind"] for query in QUERIES if query["right"]):
        chosen = [query for query in QUERIES if query["kind"] == kind]
        print(f"  {kind:24}{len(chosen):4}{among(chosen, found['ours'], 3):9.3f}{reciprocal(chosen, found['ours']):9.3f}")
    print_recall(shows_misses)
    print_passages(shows_misses)
    if shows_misses:
        for query in QUERIES:
            place = place_of(query["right"], found["ours"][query["query"]])
            if place != 1:
                print(f"{query['query']!r}: {place}; wanted {query['right']}; found {found['ours'][query['query']][:4]}")


def print_recall(shows_misses):
    """How often a misspelt name is among the first five suggestions."""
    from bench.suggestions import misses
    from publishing.moment import Moment

    for errors in (1, 2):
        missed = misses(Moment(), errors, MISSPELT)
        print(f"suggestions, recall at five of {MISSPELT} names with {errors} wrong letters: {1 - len(missed) / MISSPELT:.3f}")
        if shows_misses:
            print(*(f"  {typed!r} for {name!r}" for name, typed in missed), sep="\n")


def print_passages(shows_misses):
    """How many of the passages below the first five hits of all queries are whole."""
    from bench.passages import passages
    from publishing.moment import Moment

    found = list(passages(QUERIES, Moment()))
    counts = Counter(kind for _, _, _, kind in found)
    whole = 1 - counts[""] / len(found)
    print(f"passages, whole among {len(found)}: {whole:.3f}", *(f"{kind} {counts[kind]}" for kind in ("sentences", "row", "summary")))
    if shows_misses:
        print(*(f"  {query!r} {address} {text!r}" for query, address, text, kind in found if not kind), sep="\n")


def place_of(right, addresses):
    return next((place for place, address in enumerate(addresses, 1) if address in right), 0)


def among(queries, found, most):
    return sum(0 < place_of(query["right"], found[query["query"]]) <= most for query in queries) / len(queries)


def reciprocal(queries, found):
    places = [place_of(query["right"], found[query["query"]]) for query in queries]
    return sum(1 / place for place in places if place) / len(queries)


def ours(text):
    """Addresses of the answers, each page once: the best match, then the hits."""
    from django.test import Client

    answer = Client(SERVER_NAME="127.0.0.1").get("/search/", {"q": text, "format": "json"}).json()
    urls = [hit["url"] for hit in [*answer["best_bets"], *answer["results"]]]
    return list(dict.fromkeys("/" + url.partition("#")[0].partition("://")[2].partition("/")[2] for url in urls))


def searched_texts():
    """(address, title, text) of everything that the site search knows, without the issues, which have no page of their own."""
    from publishing import holdings
    from publishing.moment import Moment
    from search.index_documents import documents

    moment = Moment()
    prepared = [document for document in documents(moment, set()) if document["kind"] != "issue"]
    targets = holdings.targets([(document["kind"], document["thing"]) for document in prepared], moment)
    return [(targets[d["thing"]].address.partition("#")[0], d["title"], f"{d['summary']} {d['words']} {d['text']}") for d in prepared]


def fts5(texts):
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE texts USING fts5(address UNINDEXED, title, body, tokenize='porter unicode61')")
    base.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts)

    def search(text):
        asked = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        rows = base.execute("SELECT address FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 5, 1) LIMIT 30", [asked])
        return list(dict.fromkeys(address for (address,) in rows))

    return search


def bm25(texts, k1=1.2, b=0.75):
    counts = [Counter(re.findall(r"\w+", f"{title} {text}".lower())) for _, title, text in texts]
    lengths = [count.total() for count in counts]
    mean = sum(lengths) / len(lengths)
    holding = Counter(word for count in counts for word in count)

    def score(words, count, length):
        norm = k1 * (1 - b + b * length / mean)
        return sum(rarity(word) * count[word] * (k1 + 1) / (count[word] + norm) for word in words if word in count)

    def rarity(word):
        return log(1 + (len(texts) - holding[word] + 0.5) / (holding[word] + 0.5))

    def search(text):
        words = re.findall(r"\w+", text.lower())
        scores = [(score(words, count, length), address) for count, length, (address, _, _) in zip(counts, lengths, texts, strict=True)]
        return list(dict.fromkeys(address for value, address in sorted(scores, reverse=True) if value))

    return search


if __name__ == "__main__":
    main()
