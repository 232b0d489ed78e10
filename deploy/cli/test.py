"""motcua test."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from deploy.cli import exits, screen
from deploy.cli.check_runner import NO_TESTS, print_table, run_steps
from deploy.local.checks import UnknownSelectionError, select


def test(*selection: str, expression: Annotated[str | None, Parameter(name=["-k"])] = None) -> int:
    """Run all that CI runs: lint, types, walls, migrations, then every test. Goes on after a failure.

    Parameters
    ----------
    selection
        Run only these: `style` or one of its checks (`lint`, `format`, `walls`, `unused`, `migrations`,
        `types`), `unit`, `contract`, `integration`, `e2e`, `proofs` (the short forms of `motcua prove`),
        `browser`, or paths of tests, also as `file::test`.
    expression
        Run only tests whose name matches this expression, as with pytest.
    """
    try:
        steps = select(selection, expression)
    except UnknownSelectionError as error:
        raise exits.UsageError(str(error)) from None
    results = run_steps(steps)
    if all(result.code == NO_TESTS for result in results):
        screen.complain(f"no test matches {expression!r}")
        return exits.FAILED
    print_table("All checks", results)
    passed = all(result.code in (0, NO_TESTS) for result in results)
    return exits.DONE if passed else exits.FAILED
