"""A dossier in intake: its stored fields without personal data, and the acts of acceptance and refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.dossier.checklist import SUBMISSION, DeclaredPaper, PaperToBring
from services.intake.domain.dossier.state import already_decided, next_state
from services.intake.domain.dossier.submission import CounterRefusal
from shared.clock import CityTime
from shared.errors import Refused
from shared.states import State, StateEvent
from shared.worktime import CountedDays


@dataclass(frozen=True, slots=True)
class OpenSupplementRequest:
    """An open request for papers (form 02). A second one has a basis and an approver."""

    items: tuple[str, ...]
    asked_at: CityTime
    answer_by: CityTime
    nth: int
    basis: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier without personal data: references, places, kinds of paper. The person is stored encrypted."""

    id: UUID
    root_id: UUID
    code: str
    state: State
    procedure: str
    version: int
    channel: str
    subject_ref: UUID
    link_ref: str
    place: Mapping[str, str]
    routing_facts: Mapping[str, Any]
    papers: tuple[DeclaredPaper, ...]
    papers_to_bring: tuple[PaperToBring, ...]
    delivery: str
    filed_by: str
    receiving_office: str
    competent_office: str
    submitted_at: datetime
    answer_by: datetime
    auto_accepted: bool
    accepted_at: datetime | None = None
    promised_due_at: datetime | None = None
    explanation: tuple[CountedDays, ...] = ()
    refused_at: datetime | None = None
    refused_reason: str | None = None
    refused_rule: str | None = None
    supplement_request: OpenSupplementRequest | None = None
    supplements: int = 0
    resume_to: State | None = None
    stopped_at: datetime | None = None
    stopped_reason: str | None = None

    def is_answer_late(self, now: datetime) -> bool:
        """Whether the counter has not decided by the instant it had to."""
        return self.state is State.SUBMITTED and now > self.answer_by

    @property
    def decided_late_at(self) -> datetime | None:
        """When the counter decided, if that was after the instant it had to; None otherwise."""
        decided_at = self.accepted_at or self.refused_at
        if decided_at is None or decided_at <= self.answer_by:
            return None
        return decided_at

    def defective_papers(self, today: date) -> tuple[str, ...]:
        """Every missing or expired paper once, named as on form 02."""
        missing = [str(paper) for paper in self.papers_to_bring]
        expired = [paper.type for paper in self.expired_papers(today)]
        return tuple(dict.fromkeys([*missing, *expired]))

    def expired_papers(self, today: date) -> tuple[DeclaredPaper, ...]:
        """The papers that were not valid any more on the day that counts for each."""
        return tuple(paper for paper in self.papers if self.is_expired(paper, today))

    def is_expired(self, paper: DeclaredPaper, today: date) -> bool:
        """Whether a paper was not valid any more on the day that counts: a later expiry changes nothing."""
        decided_at = self.accepted_at or self.refused_at
        if paper.counts_on == SUBMISSION:
            return paper.is_expired(self.submitted_at.date())
        return paper.is_expired(decided_at.date() if decided_at else today)


@dataclass(frozen=True, slots=True)
class FirstPromise:
    """The promised date with its explanation. No date where the procedure has no limit."""

    due_at: datetime | None
    explanation: tuple[CountedDays, ...]


def submit(dossier: Dossier) -> Dossier | Refused:
    """Submit the dossier: it waits for the counter."""
    state = next_state(dossier.state, StateEvent.SUBMITTED)
    if isinstance(state, Refused):
        return state
    return replace(dossier, state=state)


def accept(dossier: Dossier, version: int, promise: FirstPromise, at: datetime) -> Dossier | Refused:
    """Accept the dossier (form 01) with its promise. Accepting it again changes nothing."""
    if dossier.state is State.ACCEPTED:
        return dossier
    state = next_state(dossier.state, StateEvent.ACCEPTED)
    if isinstance(state, Refused):
        return state
    return replace(
        dossier,
        state=state,
        version=version,
        accepted_at=at,
        promised_due_at=promise.due_at,
        explanation=promise.explanation,
    )


def refuse_dossier(dossier: Dossier, refusal: CounterRefusal, at: datetime) -> Dossier | Refused:
    """Refuse the dossier (form 03). The same reason again changes nothing; another one is refused."""
    if dossier.state is State.REFUSED and dossier.refused_reason == refusal.reason_code:
        return dossier
    if dossier.state is State.REFUSED:
        return already_decided(dossier.state)
    state = next_state(dossier.state, StateEvent.REFUSED)
    if isinstance(state, Refused):
        return state
    return replace(
        dossier,
        state=state,
        refused_at=at,
        refused_reason=refusal.reason_code,
        refused_rule=refusal.rule or None,
    )
