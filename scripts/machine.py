"""Needs of the tests of the operating system: installed where that may be done, else one line says how."""

import importlib
import os
import shutil
import subprocess

from scripts.browser import chromium
from scripts.environment import is_module, say

PLACES = os.pathsep.join([*os.get_exec_path(), "/usr/sbin"])
PROGRAMS = {
    "java": "default-jre-headless",
    "node": "nodejs",
    "npm": "npm",
    "w3m": "w3m",
    "nginx": "nginx",
    "openssl": "openssl",
    "ps": "procps",
}
INSTALL = "apt-get install --no-install-recommends"


def ensure_packages():
    missing = missing_packages()
    if not missing:
        return
    before = rights()
    if before is None or not shutil.which("apt-get"):
        raise SystemExit(f"The tests need what this machine lacks: sudo {INSTALL} {' '.join(missing)}")
    say(f"Installing {', '.join(missing)}.")
    for command in (["apt-get", "update", "-qq"], [*INSTALL.split(), "-y", "-qq", *missing]):
        answer = subprocess.run([*before, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if answer.returncode:
            say(answer.stdout + answer.stderr)
            raise SystemExit(f"What the tests need could not be installed: sudo {INSTALL} {' '.join(missing)}")
    importlib.invalidate_caches()


def missing_packages():
    missing = [] if chromium() else ["chromium"]
    missing += [package for program, package in PROGRAMS.items() if not shutil.which(program, path=PLACES)]
    return missing + ([] if all(map(is_module, ("venv", "ensurepip"))) else ["python3-venv"])


def rights():
    """Prefix of a command that needs root: nothing for root, sudo where it asks for no password; None where neither is so."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quiet
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", *quiet]
    return None


if __name__ == "__main__":
    ensure_packages()
