"""Invented people: a middle name that means "example", identity numbers of no province, phones nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.made_up import PEOPLE

FAMILY: list[str] = PEOPLE["family_names"]
MEN: list[str] = PEOPLE["men"]
WOMEN: list[str] = PEOPLE["women"]


@dataclass(frozen=True)
class Person:
    """An applicant who does not exist."""

    name: str
    sex: str
    born: date
    id_number: str

    def as_json(self) -> dict[str, str]:
        """As a form sends it."""
        return {
            "name": self.name,
            "sex": self.sex,
            "born": self.born.isoformat(),
            "id_number": self.id_number,
        }


def person(chance: Random) -> Person:
    """Somebody between 20 and 85."""
    woman = chance.random() < 0.52
    born = date(1941, 1, 1) + timedelta(days=chance.randrange(365 * 64))
    century_and_sex = (0 if born.year < 2000 else 2) + woman
    number = f"099{century_and_sex}{born.year % 100:02}{chance.randrange(10**6):06}"
    name = f"{chance.choice(FAMILY)} {PEOPLE['middle_name']} {chance.choice(WOMEN if woman else MEN)}"
    return Person(name, PEOPLE["sex"]["woman" if woman else "man"], born, number)


def contact_of(chance: Random, number: int, *, at_home: bool) -> dict[str, Any]:
    """How to reach the person of this number; someone visited at home may have no phone at all."""
    if at_home:
        return {"phone": None, "email": None, "language": "vi", "text": "voice", "letter": True}
    has = chance.choices(("both", "phone", "email"), (60, 32, 8))[0]
    return {
        "phone": None if has == "email" else f"+84900{100000 + number}",
        "email": None if has == "phone" else f"vidu{1000 + number}@example.vn",
        "language": "en" if chance.random() < 0.05 else "vi",
        "text": chance.choices(("plain", "short", "full"), (85, 10, 5))[0],
    }
