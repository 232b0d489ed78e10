"""Made-up people. Middle names mean "example"; identity numbers and phones belong to no one."""

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
        """The applicant as in the body of a submission."""
        return {
            "name": self.name,
            "sex": self.sex,
            "born": self.born.isoformat(),
            "id_number": self.id_number,
        }


def person(random: Random) -> Person:
    """A random person between 20 and 85 years old."""
    is_woman = random.random() < 0.52
    born = date(1941, 1, 1) + timedelta(days=random.randrange(365 * 64))
    century_and_sex = (0 if born.year < 2000 else 2) + is_woman
    number = f"099{century_and_sex}{born.year % 100:02}{random.randrange(10**6):06}"
    name = f"{random.choice(FAMILY)} {PEOPLE['middle_name']} {random.choice(WOMEN if is_woman else MEN)}"
    return Person(name, PEOPLE["sex"]["woman" if is_woman else "man"], born, number)


def contact_of(random: Random, number: int, *, at_home: bool) -> dict[str, Any]:
    """A random contact. A person visited at home may have no phone."""
    if at_home:
        return {"phone": None, "email": None, "language": "vi", "text": "voice", "letter": True}
    reachable_by = random.choices(("both", "phone", "email"), (60, 32, 8))[0]
    return {
        "phone": None if reachable_by == "email" else f"+84900{100000 + number}",
        "email": None if reachable_by == "phone" else f"vidu{1000 + number}@example.vn",
        "language": "en" if random.random() < 0.05 else "vi",
        "text": random.choices(("plain", "short", "full"), (85, 10, 5))[0],
    }
