"""Which counter a dossier belongs to, by its code, and the officer who sits there."""

from dataclasses import replace
from functools import cache

from shared.actor import Actor
from tests.builders import catalogue as city

COUNTER = Actor(kind="officer", id="canbo.quay", office="PASC-SP.00004", role="counter")


@cache
def _offices() -> dict[str, str]:
    return {office.code_unit: office.id for office in city.catalogue().offices() if office.code_unit}


def office_of(code: str) -> str:
    """The office that received the dossier: its code begins with the office's own unit."""
    return _offices()[code.partition("-")[0]]


def counter_of(code: str) -> Actor:
    """An officer of that office."""
    return replace(COUNTER, office=office_of(code))
