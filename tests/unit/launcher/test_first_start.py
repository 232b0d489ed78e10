"""The first start of `./motcua`: two at once take turns, and a failure names the setting that helps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.home import CHECKOUT

PYTHON = """#!/bin/sh
# Stands for Python where pip would install: notes when, and fails with the words of a file, if there is one.
case "$*" in
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit ;;
    "-m pip --version") exit 0 ;;
    "-m pip install "*)
        echo "begin" >>"{folder}/diary"; sleep 0.5; echo "end" >>"{folder}/diary"
        [ ! -f "{folder}/failure" ] || {{ cat "{folder}/failure"; exit 1; }}
        exit 0 ;;
    "-P -m deploy.cli"*) echo "started $*"; exit 0 ;;
esac
exec {python} "$@"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The script and its lock files, and a Python that only pretends to install."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("motcua", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(CHECKOUT / name, folder / name)
    python = tmp_path / "python"
    python.write_text(PYTHON.format(folder=tmp_path, python=sys.executable))
    python.chmod(0o755)
    return folder


def test_two_first_starts_at_once_install_once(clone: Path) -> None:
    starts = [_start(clone, "status") for _ in range(3)]
    outputs = [start.communicate(timeout=60) for start in starts]

    assert [start.returncode for start in starts] == [0, 0, 0], outputs
    assert [output for output, _ in outputs] == ["started -P -m deploy.cli status\n"] * 3
    assert _diary(clone) == ["begin", "end"]
    waiting = "motcua: another start is installing here; waiting for it"
    assert sum(waiting in errors for _, errors in outputs) == 2


def test_tests_wait_for_what_commands_install_and_then_install_more(clone: Path) -> None:
    starts = [_start(clone, "status"), _start(clone, "test")]
    for start in starts:
        start.communicate(timeout=60)

    assert [start.returncode for start in starts] == [0, 0]
    assert _diary(clone) in (["begin", "end"], ["begin", "end"] * 2), "one after another"


def test_a_first_start_that_was_killed_lets_the_next_begin(clone: Path) -> None:
    killed = _start(clone, "status")
    while not _diary(clone):
        assert killed.poll() is None
    killed.kill()
    killed.communicate()

    again = _start(clone, "status")
    again.communicate(timeout=60)

    assert again.returncode == 0
    assert _diary(clone)[-2:] == ["begin", "end"]


@pytest.mark.parametrize(
    ("pip_says", "helps"),
    [
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "PIP_CERT="),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "REQUESTS_CA_BUNDLE="),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))", "HTTPS_PROXY="),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))", "NO_PROXY"),
        ("NewConnectionError('[Errno -2] Name or service not known')", "HTTPS_PROXY="),
        ("ERROR: No matching distribution found for aiokafka==0.13.0", "PIP_INDEX_URL="),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "PIP_INDEX_URL="),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "make room"),
    ],
)
def test_an_installation_that_fails_names_the_setting_that_helps(
    clone: Path, pip_says: str, helps: str
) -> None:
    (clone.parent / "failure").write_text(pip_says + "\n")

    start = _start(clone, "status")
    _, errors = start.communicate(timeout=60)

    assert start.returncode == 1
    advice = errors.partition("the whole story:")[2]
    assert helps in advice
    assert pip_says in errors, "what pip said is shown too"


def _start(clone: Path, command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(clone / "motcua"), command],
        env={"PATH": os.environ["PATH"], "MOTCUA_PYTHON": str(clone.parent / "python")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _diary(clone: Path) -> list[str]:
    diary = clone.parent / "diary"
    return diary.read_text().split() if diary.exists() else []
