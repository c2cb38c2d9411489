"""Tables as bytes: a head in JSON that says what follows, then the arrays and bitmaps one after another. Pure.

Made once at an import and kept beside the release, so that a process loads a table in milliseconds. Nothing in the bytes is run.
"""

import json
import sys
from array import array
from hashlib import blake2b

from registry.columns import ACTIVITY_COLUMNS, DIMENSIONS, ISSUANCE_COLUMNS
from registry.cumulative import Cumulative
from registry.table import Table
from registry.words import WordIndex

HEAD = 8  # bytes that tell the length of the head
CODES = ACTIVITY_COLUMNS | ISSUANCE_COLUMNS


def form(facets):
    """The form of the bytes: another for other columns, facets or dimensions, and on another sort of machine."""
    about = [2, sys.byteorder, CODES, Cumulative.COLUMNS, list(DIMENSIONS), [facet.name for facet in facets]]
    return blake2b(json.dumps(about).encode(), digest_size=16).hexdigest()


def pack(table):
    """The bytes of a table."""
    parts = []

    def place(values):
        parts.append(values.tobytes() if isinstance(values, array) else values)
        return len(parts[-1])

    width = table.size // 8 + 1
    head = {
        "as_of": table.as_of,
        "names": table.names,
        "columns": {name: place(table.columns[name]) for name in CODES},
        "words": table.words.words,
        "starts": place(table.words.starts),
        "places": place(table.words.places),
        "dimensions": {
            name: [lists.names, [place(lists.columns[column]) for column in Cumulative.COLUMNS]] for name, lists in table.dimensions.items()
        },
        "facets": {
            name: [[value, place(bits.to_bytes(width, "little"))] for value, bits in values.items()]
            for name, values in table.index.bitmaps.items()
        },
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(HEAD, "little"), text, *parts])


def unpack(data, facets):
    """The table in the bytes, which are of this form. Raises ValueError for bytes that are not whole."""
    data = memoryview(data)
    start = HEAD + int.from_bytes(data[:HEAD], "little")
    head = json.loads(bytes(data[HEAD:start]))
    taken = start

    def take(length):
        nonlocal taken
        taken += length
        if taken > len(data):
            raise ValueError("The bytes of the table end too early.")
        return data[taken - length : taken]

    def column(code, length):
        values = array(code)
        values.frombytes(take(length))
        return values

    columns = {name: column(CODES[name], length) for name, length in head["columns"].items()}
    size = len(columns["numbers"])
    words = WordIndex(head["words"], column("I", head["starts"]), column("I", head["places"]), size)
    dimensions = {
        name: Cumulative(
            names, {key: column(code, length) for (key, code), length in zip(Cumulative.COLUMNS.items(), lengths, strict=True)}
        )
        for name, (names, lengths) in head["dimensions"].items()
    }
    bitmaps = {name: {value: int.from_bytes(take(length), "little") for value, length in values} for name, values in head["facets"].items()}
    return Table(head["as_of"], columns, head["names"], facets, bitmaps, words, dimensions)
