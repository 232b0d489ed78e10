"""Reading and checks of the facts in a form against the catalogue's vocabulary."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.intake.words import field_error
from shared.catalogue import Catalogue, Fact, Procedure
from shared.errors import FieldError, Suggestion
from shared.typed_input.days import read_day
from shared.typed_input.texts import read_line

BY_CITIZEN = "citizen"
MOST_IN_LIST = 50


def check_facts(
    catalogue: Catalogue, procedure: Procedure, facts: Mapping[str, Any], today: date
) -> Iterator[FieldError]:
    """The errors of the facts in a form."""
    for question in procedure.facts:
        if question.required and facts.get(question.name) is None:
            yield field_error(f"facts.{question.name}", "required")
    for name, value in facts.items():
        yield from _check_fact(catalogue, name, value, today)


def normalize_facts(catalogue: Catalogue, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as read: days by ISO 8601, texts without invisible characters. They passed `check_facts`."""
    return {name: _read_fact(catalogue.fact(name), value, f"facts.{name}") for name, value in facts.items()}


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
        return
    read = _read_fact(fact, value, field)
    if isinstance(read, FieldError):
        yield read
    elif fact.is_invalid(read):
        yield _invalid_value(field, fact, read)
    elif fact.type == "date" and date.fromisoformat(read) > today:
        yield field_error(field, "in_the_future")


def _read_fact(fact: Fact, value: Any, field: str) -> Any:
    """The value as read, or its FieldError. A value of another type than the fact's stays as it is."""
    if isinstance(value, list) and fact.type == "list":
        items = [_read_text(fact, item, field) for item in value[: MOST_IN_LIST + 1]]
        return next((item for item in items if isinstance(item, FieldError)), items)
    if fact.type == "date" and isinstance(value, str):
        day = read_day(value, field=field)
        return day if isinstance(day, FieldError) else day.isoformat()
    if fact.type in {"bool", "int", "list"}:
        return value
    return _read_text(fact, value, field)


def _read_text(fact: Fact, value: Any, field: str) -> Any:
    if not isinstance(value, str):
        return value
    return read_line(value, field=field, longest=fact.longest)


def _invalid_value(field: str, fact: Fact, value: Any) -> FieldError:
    if isinstance(value, list) and len(value) > MOST_IN_LIST:
        return field_error(field, "too_many", most=MOST_IN_LIST)
    if fact.type == "int" and isinstance(value, int) and not isinstance(value, bool):
        return _out_of_range(field, fact)
    if not fact.values:
        return field_error(field, "wrong_type")
    ways = ", ".join(words.vi for words in fact.values.values())
    candidates = tuple(Suggestion(value, words.vi) for value, words in fact.values.items())
    return field_error(field, "unknown_value", candidates, ways=ways)


def _out_of_range(field: str, fact: Fact) -> FieldError:
    if fact.minimum is None:
        return field_error(field, "number_too_large", most=fact.maximum or 0)
    if fact.maximum is None:
        return field_error(field, "number_too_small", least=fact.minimum)
    return field_error(field, "number_out_of_range", least=fact.minimum, most=fact.maximum)
