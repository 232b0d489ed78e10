"""Asking for help or the version installs nothing and starts nothing, in a fresh clone too."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli import app, exits
from deploy.local.home import CHECKOUT
from tests.house.help_page import PAGE, command_paths, help_text, page_text

COMMANDS = [" ".join(path) for path in command_paths(app.build())]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script alone, as in a fresh clone, with no Python that could install anything."""
    folder = tmp_path / "clone"
    (folder / "docs").mkdir(parents=True)
    for name in (
        "motcua",
        "docs/commands.md",
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
    ):
        shutil.copy(CHECKOUT / name, folder / name)
    return folder


def test_the_page_of_commands_is_what_help_prints() -> None:
    assert PAGE.read_text("utf-8") == page_text(), "run python -m tests.house.help_page"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_ends_with_an_example_of_it(command: str) -> None:
    text = help_text(tuple(command.split()))
    if command:
        assert f"motcua {command}" in text.partition("Examples:")[2]
    else:
        assert "Exit codes:" in text


@pytest.mark.parametrize(
    "arguments", ["--help", "", "help", "bench --help", "bench soak --help", "help clock set", "clock set -h"]
)
def test_a_fresh_clone_helps_and_installs_nothing(checkout: Path, arguments: str) -> None:
    done = _run(checkout, arguments)

    words = arguments.replace("--help", "").replace("-h", "").replace("help", "").split()
    command = [word for word in words if word != "soak"]
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == help_text(tuple(command)).strip()
    assert done.stderr == ""
    assert not (checkout / ".venv").exists()
    assert not (checkout / ".motcua").exists()


def test_a_fresh_clone_tells_its_version(checkout: Path) -> None:
    assert _run(checkout, "--version").stdout.strip() == app.version()
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_starts_no_process(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def started(*_arguments: object, **_options: object) -> None:
        raise AssertionError("help started a process")

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(os, "execve", started)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["motcua", *command.split(), "--help"])

    assert app.main() == exits.DONE
    assert "Usage: motcua" in capsys.readouterr().out


def _run(checkout: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """`./motcua ARGUMENTS` with a PATH that has the usual tools and no Python."""
    tools = checkout.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("sh", "sed", "awk", "grep", "dirname", "cat", "mkdir", "rm"):
        tool = shutil.which(name)
        if tool and not (tools / name).exists():
            (tools / name).symlink_to(tool)
    return subprocess.run(
        [str(checkout / "motcua"), *arguments.split()],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
