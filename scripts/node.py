"""The checkers that come as Node packages: vnu-jar (HTML, on Java), axe-core (accessibility, in the browser tests) and Lighthouse.

A package below Lighthouse asks for two others in their latest versions, whatever these are; `overrides` in package.json pins them, without
which `npm ci` would refuse the lock file on the day of the next release.
"""

import shutil

from scripts.environment import ROOT, fingerprint, run_quietly, say

LOCK = ROOT / "package-lock.json"
STAMP = ROOT / "node_modules" / ".installed"


def ensure_node_modules():
    wanted = fingerprint(LOCK)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    require("npm", "npm")
    say("Installing the checkers of package-lock.json.")
    run_quietly(["npm", "ci", "--no-audit", "--no-fund"], "The checkers could not be installed; the lines above say why.")
    STAMP.write_text(wanted)


def require(program, package):
    if not shutil.which(program):
        raise SystemExit(f"The tests need {program}: apt-get install {package}")
