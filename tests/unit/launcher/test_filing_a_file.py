"""`motcua file`: refusals in the chosen language, and secrets only for who asks."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from deploy.cli import app, exits, file, services
from deploy.cli.language import VARIABLES, language_of_environment
from tests.builders.stack import STACK

ID, OTHER_ID = "019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d3", "019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d4"
Run = Callable[[str], tuple[str, str]]
RECEIPT = {"code": "H26.1-260306-0001", "state": "submitted", "secret": "7K2M9QXA4D"}
REFUSAL = {
    "detail": "1 thing to correct before filing.",
    "vi": "Có 1 chỗ cần sửa trước khi nộp.",
    "en": "1 thing to correct before filing.",
    "errors": [
        {"field": "channel", "code": "required", "vi": "Bạn chưa điền mục này.", "en": "Please fill this in."}
    ],
}


@pytest.fixture(autouse=True)
def intake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An intake that takes the first dossier of a file and refuses the second."""

    def answer(request: httpx.Request) -> httpx.Response:
        taken = request.headers["Idempotency-Key"] == ID
        return httpx.Response(201, json=RECEIPT) if taken else httpx.Response(422, json=REFUSAL)

    class Client(httpx.Client):
        def __init__(self, *, base_url: str, **_: object) -> None:
            super().__init__(base_url=base_url, transport=httpx.MockTransport(answer))

    monkeypatch.setattr(services.httpx, "Client", Client)
    monkeypatch.setattr(file, "read_stack", lambda: STACK)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "dossiers.jsonl"
    path.write_text("".join(json.dumps({"submission_id": each}) + "\n" for each in (ID, OTHER_ID)))
    return path


@pytest.fixture
def printed(intake: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `motcua file` with these options and returns what it printed, on standard output and error."""

    def run(options: str) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["motcua", "file", str(intake), *options.split()])
        assert app.main() == exits.FAILED
        return capsys.readouterr()

    return run


def test_secrets_are_printed_only_when_asked_for(printed: Run) -> None:
    for options in ("", "--json"):
        out, err = printed(options)
        assert RECEIPT["code"] in out
        assert RECEIPT["secret"] not in out + err
        out, _ = printed(f"--show-secrets {options}")
        assert RECEIPT["secret"] in out


@pytest.mark.parametrize(
    ("options", "variable", "reason"),
    [
        ("--lang vi", "en_GB.UTF-8", "Có 1 chỗ cần sửa trước khi nộp. (channel: Bạn chưa điền mục này.)"),
        ("", "vi_VN.UTF-8", "Có 1 chỗ cần sửa trước khi nộp. (channel: Bạn chưa điền mục này.)"),
        ("--lang en", "vi_VN", "1 thing to correct before filing. (channel: Please fill this in.)"),
        ("", "C.UTF-8", "1 thing to correct before filing. (channel: Please fill this in.)"),
    ],
)
def test_a_refusal_is_in_the_chosen_language(
    options: str, variable: str, reason: str, printed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", variable)

    lines = printed(options)[0].splitlines()

    assert lines == [
        "submission\tresult\tcode or status\tstate or reason",
        f"{ID}\tfiled\tH26.1-260306-0001\tsubmitted",
        f"{OTHER_ID}\trefused\t422\t{reason}",
    ]


def test_a_language_that_there_is_not(monkeypatch: pytest.MonkeyPatch, intake: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["motcua", "file", str(intake), "--lang", "fr"])
    assert app.main() == exits.WRONG_USAGE


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "vic_XX"}, "en"),
    ],
)
def test_the_language_of_the_environment(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_of_environment() == language
