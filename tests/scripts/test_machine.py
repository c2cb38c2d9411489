"""What the operating system lacks is installed where that may be done; elsewhere one line tells the command."""

import re
import subprocess

import pytest

from scripts import machine
from scripts.environment import ROOT


@pytest.fixture
def commands(monkeypatch):
    """A machine with apt-get and sudo that lacks w3m and python3-venv; yields the commands that it was given."""
    given = []

    def run(command, **options):
        given.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(machine.subprocess, "run", run)
    monkeypatch.setattr(machine.shutil, "which", lambda name, path=None: None if name == "w3m" else f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(machine, "is_module", lambda name: name != "ensurepip")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    return given


def test_root_installs_what_is_missing(commands):
    machine.ensure_packages()
    update, install = commands
    assert update[-3:] == ["apt-get", "update", "-qq"]
    assert install[-6:] == ["install", "--no-install-recommends", "-y", "-qq", "w3m", "python3-venv"]
    assert "sudo" not in update + install


def test_sudo_without_a_password_installs_too(commands, monkeypatch):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    machine.ensure_packages()
    assert [command[:2] for command in commands] == [["sudo", "-n"]] * 3
    assert commands[-1][-2:] == ["w3m", "python3-venv"]


@pytest.mark.parametrize("lacking", ["w3m sudo", "w3m apt-get"])
def test_who_may_not_install_is_told_the_command_in_one_line(commands, monkeypatch, lacking):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(machine.shutil, "which", lambda name, path=None: None if name in lacking.split() else f"/usr/bin/{name}")
    with pytest.raises(SystemExit, match=r"lacks: sudo apt-get install --no-install-recommends w3m python3-venv$"):
        machine.ensure_packages()
    assert not [command for command in commands if "install" in command]


def test_failed_installation_names_the_command_too(commands, monkeypatch):
    monkeypatch.setattr(machine.subprocess, "run", lambda command, **options: subprocess.CompletedProcess(command, 100, "", "no network"))
    with pytest.raises(SystemExit, match="could not be installed: sudo apt-get install"):
        machine.ensure_packages()


def test_complete_machine_is_left_alone(commands, monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "is_module", lambda name: True)
    machine.ensure_packages()
    assert commands == []


def test_every_remedy_that_a_test_names_is_installed_beforehand():
    sources = "".join(file.read_text() for file in (ROOT / "tests").glob("**/*.py"))
    named = set(re.findall(r'program\("[^"]+", "([^"]+)"\)|apt-get install ([\w-]+)"', sources))
    packages = {name for pair in named for name in pair if name}
    assert {"w3m", "nginx", "default-jre-headless"} <= packages <= {"chromium", "python3-venv", *machine.PROGRAMS.values()}
