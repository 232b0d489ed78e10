"""Checks of the outcomes of steps: every plan of a procedure has a step that decides, in known words."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

Step = Mapping[str, Any]
Findings = Iterator[tuple[tuple[str | int, ...], str]]

WORDS = "[granted, denied]"
FACT_WORDS: Mapping[bool | None, str] = {True: "true", False: "false", None: "not told"}
NOBODY_DECIDES = f"no step decides; mark the one that does: `decides: true` and `outcomes: {WORDS}`"


def outcome_findings(procedure: Mapping[str, Any], _: Mapping[str, Mapping[str, Any]]) -> Findings:
    """The problems of one version, each with its path."""
    steps: Sequence[Step] = procedure["steps"]
    for index, step in enumerate(steps):
        words = step.get("outcomes", [])
        if step.get("decides") and not words:
            yield ("steps", index, "decides"), f"decides in no words; add `outcomes: {WORDS}`"
        if step.get("denial_ends") and "denied" not in words:
            yield ("steps", index, "denial_ends"), f"it cannot be denied; add `outcomes: {WORDS}`"
        if words and (step.get("child") or step.get("makes")):
            yield (
                ("steps", index, "outcomes"),
                "a child dossier or a filed paper may do this step, and says no outcome; take it out",
            )
        if len(set(words)) < len(words):
            yield ("steps", index, "outcomes"), "the same word stands here twice; take one out"
    deciding = [step for step in steps if step.get("decides")]
    if not deciding:
        yield ("steps",), NOBODY_DECIDES
    elif all(step.get("when") for step in deciding):
        yield from _plans_that_nobody_decides(deciding)


def _plans_that_nobody_decides(deciding: Sequence[Step]) -> Findings:
    """The first combination of facts that leaves out every one of these steps."""
    for facts in _variants(deciding):
        if not any(_is_planned(step, facts) for step in deciding):
            known_facts = ", ".join(f"{name} is {FACT_WORDS[value]}" for name, value in facts.items())
            yield ("steps",), f"no step decides when {known_facts}; mark one that is always done"
            return


def _variants(steps: Sequence[Step]) -> Iterator[dict[str, bool | None]]:
    """Every combination of the facts that steps depend on; None: nobody told it."""
    names = sorted({step["when"]["fact"] for step in steps})
    for values in product(FACT_WORDS, repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def _is_planned(step: Step, facts: Mapping[str, bool | None]) -> bool:
    when = step["when"]
    return facts[when["fact"]] is when["equals"]
