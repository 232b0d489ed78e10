"""What a citizen, a counter or an investor hands in, as said; nothing of it is checked yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

BY_SELF, BY_PROXY, BY_OFFICER = "self", "proxy", "officer"
ON_PAPER = "paper"
"""The file name of a paper that was shown at the counter and has no file."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person the dossier is about."""

    name: str | None = None
    sex: str | None = None
    born: date | None = None
    id_number: str | None = None


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach the person. `letter`: by a letter in the hand, when there is neither phone nor address."""

    phone: str | None = None
    email: str | None = None
    language: str = "vi"
    text: str = "plain"
    letter: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A declared paper; its bytes come later."""

    type: str | None = None
    form: str | None = None
    file: str | None = None
    bytes: int | None = None
    issued_on: date | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class CounterVisit:
    """The visit a mobile team filed from: whose badge, and when it came into reach of the network."""

    badge: str | None = None
    offline: bool = False
    synced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CounterRefusal:
    """Form 03: the reason's code, the rule it rests on, and the officer's own words."""

    reason_code: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Submission:
    """The whole of it. `place` names wards and projects by what they are to this dossier.

    `confirmed`: what the person was asked to look at again, and wants all the same.
    `refused`: why the counter it is handed in at does not take it.
    """

    procedure: str | None = None
    channel: str | None = None
    place: Mapping[str, str] = field(default_factory=dict)
    applicant: Applicant = field(default_factory=Applicant)
    contact: ContactDetails = field(default_factory=ContactDetails)
    filed_by: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    delivery: str | None = None
    visit: CounterVisit | None = None
    confirmed: frozenset[str] = frozenset()
    refusal: CounterRefusal | None = None
