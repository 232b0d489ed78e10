"""`case.updates`: every change routing makes, each record with the whole state."""

from datetime import datetime
from uuid import UUID

from shared.events.dossier import ExplanationLine
from shared.events.envelope import Body


class Holder(Body):
    """Who has the dossier in hands now."""

    office: str
    short: str
    since: datetime


class StepState(Body):
    """One step of the plan. `state`: waiting, queued, started, declined, done, closed."""

    task_id: UUID | None
    step: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    state: str
    due_at: datetime | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    done_at: datetime | None = None
    outcome: str | None = None


class CaseState(Body):
    """The whole state of a case. `because` names the type of the event that led to it."""

    code: str
    subject_ref: UUID
    link_ref: str
    kind: str
    state: str
    because: str
    because_id: str
    receiving_office: str
    receiving_office_short: str
    delivery: str
    submitted_at: datetime
    steps: list[StepState]
    stage: str | None = None
    outcome: str | None = None
    holder: Holder | None = None
    accepted_at: datetime | None = None
    promised_due_at: datetime | None = None
    current_due_at: datetime | None = None
    explanation: tuple[ExplanationLine, ...] = ()
    completed_at: datetime | None = None
    refused_reason: str | None = None
    refused_rule: str | None = None


OPENED = "case.opened.v1"
UPDATED = "case.updated.v1"
ROUTED = "dossier.routed.v1"
COMPLETED = "dossier.completed.v1"
