"""The environment in .venv: made once, made again when half-made, and clear words when it cannot be made."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose lock file asks for nothing, so that pip needs no network."""
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    venv = tmp_path / ".venv"
    for name, value in {"ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python", "STAMP": venv / "installed.json"}.items():
        monkeypatch.setattr(environment, name, value)
    return tmp_path


def test_ensure_makes_the_environment_and_then_leaves_it_alone(project, capsys):
    environment.ensure(environment.RUNTIME)
    assert "Making" in capsys.readouterr().out
    assert subprocess.run([project / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True).returncode == 0
    environment.ensure(environment.RUNTIME)
    assert capsys.readouterr().out == ""
    (project / "requirements.txt").write_text("# changed\n")
    environment.ensure(environment.RUNTIME)
    assert capsys.readouterr().out == "Installing the packages of requirements.txt.\n"


def half_made(venv):
    (venv / "bin").mkdir(parents=True)


def of_another_python(venv):
    half_made(venv)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "installed.json").write_text(json.dumps({"python": "3.8"}))


def without_its_python(venv):
    half_made(venv)
    (venv / "bin" / "python").symlink_to("/nowhere/python3")
    (venv / "installed.json").write_text(json.dumps({"python": environment.dotted(sys.version_info)}))


def with_broken_stamp(venv):
    half_made(venv)
    (venv / "installed.json").write_text("{")


@pytest.mark.parametrize("damage", [half_made, of_another_python, without_its_python, with_broken_stamp])
def test_ensure_makes_a_damaged_environment_again(project, monkeypatch, capsys, damage):
    venv = project / ".venv"
    damage(venv)
    (venv / "remains").write_text("")
    commands = []

    def record(command, complaint):
        commands.append(command[2])
        venv.mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "run_quietly", record)
    environment.ensure(environment.RUNTIME)
    assert "making it again" in capsys.readouterr().out
    assert not (venv / "remains").exists()
    assert commands == ["venv", "pip"]


@pytest.fixture
def made(project, monkeypatch):
    """The project with an environment that is sound but for the packages of a newer lock file."""
    (project / ".venv").mkdir()
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    environment.write_stamp({"requirements.txt": "of an older file"})


def test_interrupted_installation_is_known_to_be_half_made(made, monkeypatch):
    def interrupt(command, complaint):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "run_quietly", interrupt)
    assert environment.read_stamp()
    with pytest.raises(KeyboardInterrupt):
        environment.ensure(environment.RUNTIME)
    assert environment.read_stamp() == {}


def test_failed_installation_shows_why(project, made, capsys):
    (project / "requirements.txt").write_text("./nowhere\n")
    with pytest.raises(SystemExit, match="could not be installed"):
        environment.ensure(environment.RUNTIME)
    assert "nowhere" in capsys.readouterr().err
    assert environment.read_stamp() == {}


def test_python_without_venv_names_the_package(project, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        environment.ensure(environment.RUNTIME)


def test_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(SystemExit, match=r"needs 3\.11 or newer"):
        environment.require_python()
