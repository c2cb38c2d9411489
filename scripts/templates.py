"""Runs djade over all templates: writes them in its form, or with --check only says which are not."""

import subprocess
import sys

from scripts.environment import ROOT, VENV

DJANGO = "5.2"


def main(arguments):
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.html") if is_template(path))
    if not templates:
        raise SystemExit("No templates were found.")
    return subprocess.run([str(VENV / "bin" / "djade"), "--target-version", DJANGO, *arguments, *templates], cwd=ROOT).returncode


def is_template(path):
    parts = path.relative_to(ROOT).parts
    return "templates" in parts and not parts[0].startswith((".", "node_modules"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
