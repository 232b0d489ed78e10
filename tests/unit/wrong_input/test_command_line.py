"""Wrong commands and wrong files: one row each, with its exit code and what it says."""

import sys
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.cli.app import main

ID = "019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d3"

COMMANDS: dict[str, tuple[int, str]] = {
    "dance": (2, 'Unknown command "dance". Did you mean'),
    "up --frob": (2, "Unknown option: --frob."),
    "up --at never": (2, "write it like 2026-03-06T09:00:00+07:00"),
    "up --at 10000-01-01": (2, "write it like 2026-03-06T09:00:00+07:00"),
    "clock set never": (2, "write it like 2026-03-06T09:00:00+07:00"),
    "reset --yes x": (2, "Unused Tokens: ['x']."),
    "file": (2, "requires an argument"),
    "file nothing.jsonl": (2, "there is no file nothing.jsonl"),
    "file .": (2, ". is a folder; name a file with one JSON object a line"),
    "held replay": (2, "name at least one record, like routing/3"),
    "held replay x": (2, "write it like routing/3"),
    "held replay routing/-1": (2, "write it like routing/3"),
    "held drop routing/1": (2, "reason"),
    "dump": (2, "motcua dump --canonical"),
    "status": (3, "Start it: ./motcua up --detach"),
    "trace H26.X-260306-0001": (3, "Start it: ./motcua up --detach"),
    "held list": (3, "Start it: ./motcua up --detach"),
    "held show routing/1": (3, "Start it: ./motcua up --detach"),
    "dump --canonical": (3, "Start it: ./motcua up --detach"),
    "topics": (3, "Start it: ./motcua up --detach"),
    "asyncapi nobody": (2, "no service 'nobody'; there are: intake, routing, notification"),
    "catalogue check nowhere": (1, "words.yaml:1: file: cannot be read"),
}

FILES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{", "line 1 is not JSON"),
    "not JSON further down": (b'{"submission_id": "' + ID.encode() + b'"}\n\n{', "line 3 is not JSON"),
    "a list": (b"[]", "line 1 is not a dossier: it has no submission_id"),
    "no id": (b"{}", "line 1 is not a dossier: it has no submission_id"),
    "an id that is no UUID": (b'{"submission_id": "1"}', "line 1: submission_id must be a UUID, in quotes"),
    "an id that is a number": (b'{"submission_id": 1}', "line 1: submission_id must be a UUID, in quotes"),
    "not UTF-8": (b'{"a": "\xff"}', "line 1 is not UTF-8 at byte 8; save the file as UTF-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "line 1 is not UTF-8 at byte 1"),
    "nested 10,000 deep": (b"[" * 10_000, "line 1 is nested too deep to be a dossier"),
    "a number of 5,000 digits": (b'{"a": ' + b"9" * 5_000 + b"}", "line 1 is not JSON"),
    "10 MB that never ends": (b'{"a": "' + b"x" * 10_000_000, "line 1 is not JSON: Unterminated string"),
}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a stack."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_wrong_command_ends_with_its_code_and_a_remedy(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, says = COMMANDS[typed]
    monkeypatch.setattr(sys, "argv", ["motcua", *typed.split()])
    assert main() == code
    told = capsys.readouterr()
    assert says in " ".join((told.out + told.err).split())


@pytest.mark.parametrize("wrong", FILES)
def test_a_wrong_file_of_dossiers_is_told_by_its_line(
    wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, says = FILES[wrong]
    Path("dossiers.jsonl").write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["motcua", "file", "dossiers.jsonl"])
    assert main() == 2
    assert says in " ".join(capsys.readouterr().err.split())


def test_an_empty_file_and_one_with_a_byte_order_mark_are_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = '{"submission_id": "' + ID + '", "facts": {"for_use": "a\u2028b"}}'
    for content in ("", "\n\n", "\ufeff" + line + "\r\n"):
        Path("dossiers.jsonl").write_text(content, "utf-8", newline="")
        monkeypatch.setattr(sys, "argv", ["motcua", "file", "dossiers.jsonl"])
        assert main() == 3, "only the stack is missing"
        assert "./motcua up" in capsys.readouterr().err


def test_an_error_that_nobody_foresaw_is_a_sentence_and_its_traceback_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr("deploy.cli.down.control.stop", broken)
    monkeypatch.setattr(sys, "argv", ["motcua", "down"])
    assert main() == 1
    told = " ".join(capsys.readouterr().err.split())
    log = tmp_path / "logs" / "motcua.log"
    assert told.startswith(
        "motcua down failed: AssertionError. What is missing on this machine: ./motcua doctor"
    )
    assert told.endswith(str(log))
    assert "Traceback" in log.read_text()


def test_a_folder_of_state_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "file" / "state"))
    for command in ("up --detach", "reset --yes", "status"):
        monkeypatch.setattr(sys, "argv", ["motcua", *command.split()])
        assert main() == 1
        told = " ".join(capsys.readouterr().err.split())
        assert f"{tmp_path}/file" in told
        assert "Traceback" not in told
