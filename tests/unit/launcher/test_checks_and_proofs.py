"""What `motcua test` and `motcua prove` run: every test has its stage, every long proof its short form."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from deploy.cli import app, exits
from deploy.cli.check_runner import run_steps
from deploy.local import checks, proofs
from deploy.local.checks import Check, UnknownSelectionError, select, stage_of
from deploy.local.home import CHECKOUT
from tests.chaos.mutants.table import MUTANTS
from tests.chaos.points.table import POINTS
from tests.clock.planted import MUTANTS as CLOCK_FAULTS

TESTS = CHECKOUT / "tests"
PROVEN = ("tests/clock", "tests/fuzz", "tests/chaos", "tests/bench")


def titles(*words: str, expression: str | None = None) -> list[str]:
    return [check.title for step in select(words, expression) for check in step]


def argv_of(title: str, *words: str, expression: str | None = None) -> list[str]:
    steps = select(words, expression)
    return [part for step in steps for check in step if check.title == title for part in check.argv]


def test_without_a_word_everything_is_run() -> None:
    tests = ["pure tests", "tests with real servers", "pages in a browser"]

    assert set(titles()) == {*checks.STYLE_TITLES, *tests}
    assert titles(expression="promise") == tests


@pytest.mark.parametrize("folder", sorted({path.parent for path in TESTS.rglob("test_*.py")}))
def test_every_test_belongs_to_a_stage(folder: Path) -> None:
    assert stage_of(str(folder.relative_to(CHECKOUT))) in checks.STAGES


def test_a_stage_a_check_and_a_path_select_only_themselves() -> None:
    assert titles("unit") == ["pure tests"]
    assert "tests/contract" not in argv_of("pure tests", "unit")
    assert titles("lint", "types") == ["lint", "types"]
    assert argv_of("tests with real servers", "tests/e2e/test_refused.py")[-1] == "tests/e2e/test_refused.py"
    assert titles("tests/unit/web", "tests/browser") == ["pure tests", "pages in a browser"]


def test_an_expression_and_a_single_test_are_passed_on() -> None:
    place = "tests/unit/launcher/test_keys.py::test_a"

    assert argv_of("pure tests", "unit", expression="due")[-3:] == ["-k", "due", "tests/unit"]
    assert argv_of("pure tests", place)[-1] == place
    assert "-n" not in argv_of("pure tests", place)


@pytest.mark.parametrize("word", ["moon", "tests/moon", "services", "tests", "tests/builders"])
def test_a_word_that_selects_nothing_is_refused_with_what_there_is(word: str) -> None:
    with pytest.raises(UnknownSelectionError, match="integration"):
        select([word], None)


def test_every_proof_has_tests_of_a_stage_and_a_program_that_exists() -> None:
    for proof in proofs.PROOFS:
        assert all(stage_of(path) in checks.STAGES for path in proof.paths)
        assert all((CHECKOUT / path).exists() for path in proof.paths)
        assert not proof.program or find_spec(proof.program[0])


def test_no_long_test_is_outside_the_proofs() -> None:
    files = [str(path.relative_to(CHECKOUT)) for path in TESTS.rglob("test_*.py")]
    proven = tuple(path for proof in proofs.PROOFS for path in proof.paths)

    assert [file for file in files if file.startswith(PROVEN) and not file.startswith(proven)] == []


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("clock-mutants", f"of {len(CLOCK_FAULTS)} faults"),
        ("guarantee-mutants", f"of {len(MUTANTS)} faults"),
        ("crash-points", f"of {len(POINTS)} points"),
    ],
)
def test_the_list_says_how_much_there_is(name: str, of: str) -> None:
    assert of in proofs.BY_NAME[name].short


def test_a_seed_reaches_both_forms() -> None:
    kills, fuzz = proofs.BY_NAME["kills"], proofs.BY_NAME["fuzz"]

    assert kills.full_check(seed=7).argv[-2:] == ["--seed", "7"]
    assert kills.short_check(seed=7).environment == {"MOTCUA_SEED": "7"}
    assert fuzz.full_check().environment == {"MOTCUA_PROOF": "full"}


@pytest.mark.parametrize("name", proofs.BY_NAME)
def test_every_proof_helps_with_its_forms(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["motcua", "prove", name, "--help"])
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)

    assert app.main() == exits.DONE
    assert f"motcua prove {name} --full" in capsys.readouterr().out


def test_a_failure_stops_nothing_and_what_runs_aside_is_shown_afterwards(
    capfd: pytest.CaptureFixture[str],
) -> None:
    steps = [
        [Check("fails", [sys.executable, "-c", "raise SystemExit(3)"])],
        [_printing("slow", "import time; time.sleep(0.3)"), _printing("aside")],
    ]

    results = run_steps(steps)

    assert [(run.check.title, run.code) for run in results] == [("fails", 3), ("slow", 0), ("aside", 0)]
    shown = [line for line in capfd.readouterr().out.splitlines() if line in {"slow", "aside"}]
    assert shown == ["slow", "aside"]


def _printing(word: str, before: str = "pass") -> Check:
    return Check(word, [sys.executable, "-c", f"{before}; print({word!r})"])
