"""Checks of the facts in a form against the catalogue's vocabulary."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.intake.words import field_error
from shared.catalogue import Catalogue, Fact, Procedure
from shared.errors import FieldError, Suggestion

BY_CITIZEN = "citizen"


def check_facts(
    catalogue: Catalogue, procedure: Procedure, facts: Mapping[str, Any], today: date
) -> Iterator[FieldError]:
    """The errors of the facts in a form."""
    for question in procedure.facts:
        if question.required and facts.get(question.name) is None:
            yield field_error(f"facts.{question.name}", "required")
    for name, value in facts.items():
        yield from _check_fact(catalogue, name, value, today)


def routing_facts(catalogue: Catalogue, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a plan depends on: only these leave intake."""
    return {name: value for name, value in facts.items() if catalogue.fact(name).routing}


def _check_fact(catalogue: Catalogue, name: str, value: Any, today: date) -> Iterator[FieldError]:
    field = f"facts.{name}"
    try:
        fact = catalogue.fact(name)
    except KeyError:
        yield field_error(field, "unknown_fact")
        return
    if fact.told_by != BY_CITIZEN:
        yield field_error(field, "unknown_fact")
    elif fact.is_invalid(value):
        yield _invalid_value(field, fact)
    elif fact.type == "date" and date.fromisoformat(value) > today:
        yield field_error(field, "in_the_future")


def _invalid_value(field: str, fact: Fact) -> FieldError:
    if not fact.values:
        return field_error(field, "wrong_type")
    ways = ", ".join(words.vi for words in fact.values.values())
    candidates = tuple(Suggestion(value, words.vi) for value, words in fact.values.items())
    return field_error(field, "unknown_value", candidates, ways=ways)
