"""`make explore`: the tests that draw their examples, with a seed that nobody has tried. What it finds becomes an @example of its test."""

import argparse
import subprocess
import sys
from secrets import randbelow

from scripts.environment import DEVELOPMENT, PYTHON, ROOT, ensure, say


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=randbelow(10**9))
    given, arguments = parser.parse_known_args()
    ensure(DEVELOPMENT)
    say(f"Seed {given.seed}; the same again with: make explore ARGS=--seed={given.seed}")
    command = [str(PYTHON), "-m", "pytest", "-m", "hypothesis", "--hypothesis-profile=explore", f"--hypothesis-seed={given.seed}"]
    return subprocess.run([*command, *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
