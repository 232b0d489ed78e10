"""Decoding of case kinds, each as a procedure with one step and without a legal limit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.catalogue.decoding import decode
from shared.catalogue.model.procedure import Fees, Outcome, Procedure, Step

ANSWER = "answer"
"""The id of the only step of such a case."""


def decode_kinds(raw: Mapping[str, Any]) -> dict[str, Procedure]:
    """Every kind by name, as a procedure."""
    return {name: _kind(name, kind) for name, kind in raw.items()}


def _kind(name: str, raw: Mapping[str, Any]) -> Procedure:
    words, task, owner = decode.decode_words(raw["name"]), decode.decode_words(raw["task"]), raw["owner"]
    limit = decode.decode_limit(raw["limit"])
    if limit is None:
        raise ValueError(f"{name} has no limit")
    return Procedure(
        id=name,
        version=1,
        national_code=None,
        effective_from=date.min,
        effective_to=None,
        name=words,
        short=words,
        description=words,
        legal=(),
        channels=(),
        receives=owner,
        lead=owner,
        steps=(Step(ANSWER, owner, task, task, (), limit),),
        total=None,
        counts_from="acceptance",
        papers=(),
        facts=(),
        fees=Fees(None, None),
        outcome=Outcome("", words, ()),
        places={"receives": raw["place"], owner: raw["place"]},
        auto_accept=True,
        by_hand=frozenset(),
        private=False,
    )
