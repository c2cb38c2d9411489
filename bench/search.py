"""The search engine against stock Haystack with Whoosh, in one run: `make bench-search`.

Each query is put once to each, in turns; nothing is cached; what is found is checked against the record on both sides. Times are
those of the processor, so that other work on the machine counts for neither.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

SIZES = (1000, 10_000)
QUERIES = 50
PAGE = 20
FACETS = ("kind", "section", "year", "class")
TARGETS = {"one term": 60, "prefix": 60, "four facets": 130, "two terms": 12, "phrase": 8, "highlighted page": 20}
ISSUES = 2000


def main():
    folder = Path(tempfile.mkdtemp(prefix="cdm-bench-"))
    os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from bench.search_corpus import fill

    try:
        call_command("migrate", verbosity=0)
        print(f"Making a record of {SIZES[-1]:,} documents ...", flush=True)
        fill(SIZES[-1])
        medians = {size: compare(size, folder) for size in SIZES}
        grow(medians)
        suggest()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(size, folder):
    from bench.search_engines import Ours, Stock

    prepared = prepare(size)
    stock, ours = Stock(folder / f"stock-{size}"), Ours(folder / f"ours-{size}")
    print(f"\n{size:,} documents", flush=True)
    rates = {engine.name: size / timed(engine.build, prepared)[0] for engine in (stock, ours)}
    row("documents a second", rates["stock"], rates["ours"], rates["ours"] / rates["stock"], "at least 1.5", unit="")
    sizes = {engine.name: engine.size() / 1e6 for engine in (stock, ours)}
    row("size in MB", sizes["stock"], sizes["ours"], sizes["ours"] / sizes["stock"], "at most 0.75", unit="")
    opened = {engine.name: statistics.median(timed(engine.open)[0] for _ in range(15)) * 1000 for engine in (stock, ours)}
    row("opening a reader", opened["stock"], opened["ours"], opened["stock"] / opened["ours"], "at least 10")
    medians = {}
    print(f"  {'':24}{'stock p50':>12}{'p99':>9}{'ours p50':>12}{'p99':>9}{'ratio':>8}   target   same hits", flush=True)
    for name, asked in queries(prepared).items():
        times, same = {"stock": [], "ours": []}, 0
        for query in asked:
            moment = moment_read()
            took, counts = zip(*(timed(engine.answer, name, query, moment) for engine in (stock, ours)), strict=True)
            times["stock"].append(took[0] * 1000)
            times["ours"].append(took[1] * 1000)
            same += counts[0] == counts[1]
        show(name, times, same / len(asked))
        medians[name] = statistics.median(times["ours"])
    return medians


def moment_read():
    """Now, as a request has it before it searches."""
    from publishing.moment import Moment

    moment = Moment()
    return moment if moment.version else None


def prepare(size):
    """The prepared documents of the first `size` editions, with their models."""
    from publishing.moment import Moment
    from search.index_documents import documents

    found = list(documents(Moment(), set(), with_items=False))
    random.Random(1).shuffle(found)
    return found[:size]


def queries(prepared):
    """For each kind of query QUERIES different ones, made of words and rows of words that there are."""
    from search.analysis import STOP_WORDS

    chance = random.Random(2)
    texts = [document["text"].lower().replace(".", "").split() for document in prepared]

    def word():
        while len(found := chance.choice(chance.choice(texts))) < 4 or found in STOP_WORDS:
            pass
        return found

    def row():
        # Stock drops a stop word with its place, so a phrase with one is another question there.
        while not STOP_WORDS.isdisjoint(found := two_of(chance.choice(texts))):
            pass
        return '"{} {}"'.format(*found)

    def two_of(text):
        at = chance.randrange(len(text) - 1)
        return text[at : at + 2]

    makers = {
        "one term": word,
        "prefix": lambda: word()[:4] + "*",
        "four facets": word,
        "two terms": lambda: f"{word()} {word()}",
        "phrase": row,
        "highlighted page": word,
    }
    return {name: distinct(make) for name, make in makers.items()}


def distinct(make):
    found = {}
    while len(found) < QUERIES:
        found[make()] = None
    return list(found)


def timed(function, *arguments):
    start = time.thread_time()
    result = function(*arguments)
    return time.thread_time() - start, result


def row(name, stock, ours, ratio, target, unit=" ms"):
    print(f"  {name:24}{stock:12.2f}{unit}  {ours:12.2f}{unit}  ratio {ratio:6.2f}   target {target}", flush=True)


def show(name, times, same):
    ninety_nine = {engine: sorted(found)[int(len(found) * 0.99)] for engine, found in times.items()}
    median = {engine: statistics.median(found) for engine, found in times.items()}
    ratio = median["stock"] / median["ours"]
    print(
        f"  {name:24}{median['stock']:12.2f}{ninety_nine['stock']:9.2f}{median['ours']:12.2f}{ninety_nine['ours']:9.2f}"
        f"{ratio:8.1f}{TARGETS[name]:9}{same:12.0%}",
        flush=True,
    )


def grow(medians):
    small, large = SIZES
    print(f"\nGrowth of our median from {small:,} to {large:,} documents (at most twofold for the first three)")
    for name in ("one term", "prefix", "four facets", "two terms", "phrase", "highlighted page"):
        print(f"  {name:24}{medians[large][name] / medians[small][name]:6.2f}")


def suggest():
    """Suggestions from the names of 2,000 issues, in the process."""
    from bench.search_corpus import Words
    from search.autocomplete import Name, NameIndex

    words = Words(3)
    made = []
    for owner in range(ISSUES):
        made.append(Name(owner, words.text(words.chance.randint(1, 4)), 0))
        made += [Name(owner, words.text(words.chance.randint(1, 3)), 2) for _ in range(3)]
    took, names = timed(NameIndex, made)
    times = []
    for name in words.chance.sample(made, 1000):
        typed = name.text
        cut = typed[: words.chance.randint(1, len(typed))]
        at = words.chance.randrange(len(typed))
        misspelt = typed[:at] + typed[at + 1 :], cut[:-2] + cut[-1:] + "e"
        times += [timed(names.find, text, 8)[0] * 1000 for text in (typed, cut, *misspelt)]
    times.sort()
    print(f"\nSuggestions over {ISSUES:,} issues with {len(made):,} names (made ready in {took:.2f} s)")
    print(f"  p50 {times[len(times) // 2]:.3f} ms   p99 {times[int(len(times) * 0.99)]:.3f} ms (target 1 ms)   longest {times[-1]:.3f} ms")


if __name__ == "__main__":
    sys.exit(main())
