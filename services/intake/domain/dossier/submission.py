"""A submission by a citizen, a counter or an investor: its fields as read, before any check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.typed_input.days import BirthDate

BY_SELF, BY_PROXY, BY_OFFICER = "self", "proxy", "officer"
ON_PAPER = "paper"
"""Used as the file name of a paper that was shown at the counter and not uploaded."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person the dossier is about."""

    name: str | None = None
    sex: str | None = None
    born: BirthDate | None = None
    id_number: str | None = None


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach the person. `letter`: a letter handed over in person, without phone and email."""

    phone: str | None = None
    email: str | None = None
    language: str = "vi"
    text: str = "plain"
    letter: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A declared paper. `bytes`: its size; the content is uploaded later."""

    type: str | None = None
    form: str | None = None
    file: str | None = None
    bytes: int | None = None
    issued_on: date | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class CounterVisit:
    """The visit during which a mobile team filed: the officer's badge, and when it was synchronized."""

    badge: str | None = None
    offline: bool = False
    synced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CounterRefusal:
    """A refusal at the counter (form 03): reason code, the rule behind it, the officer's own text."""

    reason_code: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole submission. `place`: code of a ward or project by its role (`residence`, `project`).

    `confirmed`: words of the confirmation questions that the person answered with yes.
    `refusal`: why the counter refuses it in the act of filing.
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
