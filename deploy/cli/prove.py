"""motcua prove [NAME…]."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from cyclopts import App, Parameter

from deploy.cli import exits, screen
from deploy.cli.check_runner import print_table, run_steps
from deploy.cli.examples import examples_of
from deploy.local.proofs import BY_NAME, PROOFS, Proof

ALL = "all"
Names = Annotated[str, Parameter(help="Which proofs; `all` means every one; without any, they are listed.")]
OtherNames = Annotated[str, Parameter(help="Proofs to run as well.")]
Full = Annotated[bool, Parameter(negative="", help="Run the long form, with all that the proof covers.")]
Seed = Annotated[int | None, Parameter(help="Choose another sample or other random examples.")]

app = App(
    name="prove",
    help="List the long proofs, or run those named, one after another: in the short form that every build "
    "runs, or with `--full` in the long one. Goes on after a failure; ends with 1 if a proof failed.",
    help_epilogue=examples_of(
        "motcua prove", "motcua prove clock-mutants --full", "motcua prove kills outages", "motcua prove all"
    ),
)


@app.default
def list_or_run(*names: Names, full: Full = False, seed: Seed = None) -> int:
    """List the proofs, or run those named."""
    if not names:
        rows = [(proof.name, proof.shows, proof.short, proof.full) for proof in PROOFS]
        screen.table("Proofs", ("name", "what it shows", "short form", "long form"), rows)
        return exits.DONE
    return _run(_select(names), full=full, seed=seed)


def _select(names: Sequence[str]) -> list[Proof]:
    unknown = [name for name in names if name not in BY_NAME and name != ALL]
    if unknown:
        raise exits.UsageError(f"unknown: {', '.join(unknown)}. Proofs: {', '.join([*BY_NAME, ALL])}")
    return [proof for proof in PROOFS if proof.name in names or ALL in names]


def _run(proofs: Sequence[Proof], *, full: bool, seed: int | None) -> int:
    checks = [proof.full_check(seed) if full else proof.short_check(seed) for proof in proofs]
    results = run_steps([[check] for check in checks])
    print_table("Proofs", results)
    return exits.DONE if all(result.code == 0 for result in results) else exits.FAILED


def _command_of(proof: Proof) -> Callable[..., int]:
    def run(*others: OtherNames, full: Full = False, seed: Seed = None) -> int:
        return _run(_select([proof.name, *others]), full=full, seed=seed)

    return run


def _help_of(proof: Proof) -> str:
    sentence = proof.shows[0].upper() + proof.shows[1:]
    lines = [f"{sentence}.", f"Short form: {proof.short}.", f"Long form: {proof.full}."]
    if proof.program:
        lines.append(f"The long form runs `python -m {' '.join(proof.program)}`, whose `--help` has more.")
    lines.append(f"Tests: {', '.join(proof.paths)}.")
    return "\n\n".join(lines)


def _add_command(proof: Proof) -> None:
    examples = examples_of(f"motcua prove {proof.name}", f"motcua prove {proof.name} --full --seed 7")
    app.command(_command_of(proof), name=proof.name, help=_help_of(proof), help_epilogue=examples)


for _proof in PROOFS:
    _add_command(_proof)
