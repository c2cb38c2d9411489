"""Conversion of what is pasted or uploaded, in a process of its own: `convert` is called, `main` runs there."""

import json
import sys
from dataclasses import asdict

from markup.apart import SECONDS, Stopped, run_apart
from markup.pasting.paste import Pasted, TooMuch, pasted

CPU = {"html": 0.5, "docx": 2}
CODE = "from markup.pasting.child import main; main()"


def convert(source, form="html", seconds=SECONDS, **options):
    """The Pasted of HTML (text) or of a .docx (bytes) within `seconds`; options as of `pasted`. Raises TooMuch."""
    data = source if isinstance(source, bytes) else source.encode("utf-8", "replace")
    try:
        answer = json.loads(run_apart(CODE, data, CPU[form], [form, json.dumps(options)], seconds))
    except Stopped as error:
        raise TooMuch("time") from error
    if "bound" in answer:
        raise TooMuch(answer["bound"])
    return Pasted(**answer)


def main():
    form, options = sys.argv[1], json.loads(sys.argv[2])
    data = sys.stdin.buffer.read()
    try:
        if form == "docx":
            from markup.pasting.word import from_word

            answer = asdict(from_word(data, **options))
        else:
            answer = asdict(pasted(data.decode(), **options))
    except TooMuch as error:
        answer = {"bound": str(error)}
    json.dump(answer, sys.stdout)
