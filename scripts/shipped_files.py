"""Makes the shipped files of our own from our own texts: `.venv/bin/python -m scripts.shipped_files`, after a change of terms or scopes.

The glossary as CSV at the three dates of the shipped content, the sectoral scopes as CSV, and the project cycle on one page as PDF.
"""

import csv
import subprocess
import sys
from io import StringIO
from pathlib import Path

import frontmatter

from markup.rendering import plain_text
from publishing.exports import safe_cell
from scripts.browser import chromium, require_chromium

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "fixtures" / "files"
CYCLE = ROOT / "docs" / "shipped" / "cdm-project-cycle.html"
SCOPES = (
    "Energy industries (renewable / non-renewable sources)",
    "Energy distribution",
    "Energy demand",
    "Manufacturing industries",
    "Chemical industries",
    "Construction",
    "Transport",
    "Mining/mineral production",
    "Metal production",
    "Fugitive emissions from fuels (solid, oil and gas)",
    "Fugitive emissions from production and consumption of halocarbons and sulphur hexafluoride",
    "Solvent use",
    "Waste handling and disposal",
    "Afforestation and reforestation",
    "Agriculture",
)
DATES = ("2010-03-10", "2023-11-03", "2026-11-27")


def main():
    for day in DATES:
        (FILES / f"cdm-glossary-{day}.csv").write_text(glossary(day), encoding="utf-8", newline="")
    (FILES / "cdm-sectoral-scopes.csv").write_text(scopes(), encoding="utf-8", newline="")
    print_cycle(FILES / "cdm-project-cycle.pdf")


def glossary(day):
    """The terms as they stood on one of the DATES, in alphabetical order."""
    terms = [newest(folder, day) for folder in sorted((ROOT / "fixtures" / "term").iterdir())]
    rows = sorted(map(row, filter(None, terms)), key=lambda cells: cells[0].casefold())
    return table(("term", "abbreviation", "synonyms", "definition", "address"), rows)


def row(term):
    synonyms = "; ".join(term.get("synonyms", []))
    return term["name"], term.get("abbreviation", ""), synonyms, plain_text(term.content), f"/glossary/{term['slug']}/"


def newest(folder, day):
    """The term's last edition up to the day, or None."""
    names = [path for path in sorted(folder.glob("*.md")) if path.stem <= day]
    return frontmatter.load(names[-1]) if names else None


def scopes():
    return table(("number", "sectoral scope"), enumerate(SCOPES, start=1))


def table(header, rows):
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def print_cycle(target):
    require_chromium()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run([chromium(), *flags, CYCLE.as_uri()], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())
