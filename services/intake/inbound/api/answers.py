"""Answers of intake's HTTP API."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.domain.dossier.dossier import Dossier
from services.intake.usecases.show_case import TrackedDossier
from services.intake.usecases.submission_request import SubmissionReceipt
from services.intake.words import text
from shared.same_fields import same_fields
from shared.web.answers.answer import Answer

CODE = "H26.103.25.7-250908-0112"


class FiledAnswer(Answer):
    """The answer to a submission; the same again for the same key and body."""

    dossier_id: UUID
    code: str = Field(examples=[CODE])
    secret: str = Field(examples=["7K2M9QXB4CH"])
    state: str = Field(examples=["submitted"])
    tracking_url: str
    receiving_office: str = Field(examples=["PASC-BR.7"])
    answer_by: datetime


def _whole_units(counts: float) -> int | float:
    """A whole number as int, so that JSON has no decimal point."""
    if counts == int(counts):
        return int(counts)
    return counts


class ExplanationAnswer(Answer):
    """A run of days, how many units of the limit they count, and why."""

    from_: date = Field(alias="from")
    to: date
    counts: Annotated[int | float, BeforeValidator(_whole_units)]
    why: str = Field(validation_alias="why_vi")
    why_en: str


class DecisionAnswer(Answer):
    """A dossier after the counter's decision. `promised_due_at` null: no date is promised."""

    code: str = Field(examples=[CODE])
    state: str = Field(examples=["accepted"])
    accepted_at: datetime | None
    promised_due_at: datetime | None
    explanation: list[ExplanationAnswer]
    refused_at: datetime | None = None
    reason_code: str | None = None


class WaitingAnswer(Answer):
    """A dossier that waits at the counter. `missing`: papers to bring; `expired`: no longer valid."""

    code: str = Field(examples=[CODE])
    procedure: str
    receiving_office: str
    channel: str
    state: str
    submitted_at: datetime
    answer_by: datetime
    missing: list[str]
    expired: list[str]


class DossierAnswer(Answer):
    """A dossier without personal data. `door_state`: the state in intake's own table."""

    code: str = Field(examples=[CODE])
    dossier_id: UUID
    state: str
    door_state: str
    procedure: str
    version: int
    channel: str
    filed_by: str
    delivery: str
    receiving_office: str
    competent_office: str
    holder: str | None
    submitted_at: datetime
    answer_by: datetime
    accepted_at: datetime | None
    promised_due_at: datetime | None
    due_at: datetime | None
    refused_at: datetime | None
    refused_reason: str | None
    completed_at: datetime | None
    missing: list[str]
    messages: list["MessageAnswer"]


class HolderAnswer(Answer):
    """The office that works on the dossier."""

    office: str
    name: str = Field(validation_alias="short", examples=[text("examples.office").vi])
    since: datetime


class ChildAnswer(Answer):
    """The child dossier that performs a step. `outcome`: granted or denied."""

    code: str
    office: str = Field(validation_alias="held_by")
    state: str
    due_at: datetime | None
    completed_at: datetime | None
    outcome: str | None


class StepAppointmentAnswer(Answer):
    """The time at which the office expects the citizen. After `missed_at` it proposes another one."""

    at: datetime
    came_at: datetime | None
    missed_at: datetime | None


class StepAnswer(Answer):
    """A step of the plan. `state`: waiting, queued, started, declined, done, closed.

    `actor`: the person whose act the step waits for (citizen, householder); null: the office's.
    `child`: the dossier that performs the step. `outcome`: granted or denied, once the step is done.
    """

    step: str
    title_vi: str
    title_en: str
    office: str = Field(validation_alias="office_short")
    state: str
    due_at: datetime | None
    done_at: datetime | None
    actor: str | None
    child: ChildAnswer | None
    appointment: StepAppointmentAnswer | None
    outcome: str | None


class MessageAnswer(Answer):
    """A message about the dossier: template, channel and last state. Its text is not part of the answer."""

    template: str = Field(examples=["submitted"])
    channel: str = Field(examples=["sms"])
    state: str = Field(examples=["delivered"])
    at: datetime


def filed_answer(receipt: SubmissionReceipt, own_url: str) -> FiledAnswer:
    """The answer to a submission. The page behind `tracking_url` asks for the secret."""
    return FiledAnswer(
        dossier_id=receipt.dossier_id,
        code=receipt.code,
        secret=receipt.secret,
        state=receipt.state.value,
        tracking_url=f"{own_url}/t/{receipt.link_ref}",
        receiving_office=receipt.receiving_office,
        answer_by=receipt.answer_by,
    )


def decision_answer(dossier: Dossier) -> DecisionAnswer:
    """The answer to a decision of the counter."""
    return DecisionAnswer(
        code=dossier.code,
        state=dossier.state.value,
        accepted_at=dossier.accepted_at,
        promised_due_at=dossier.promised_due_at,
        explanation=[ExplanationAnswer.model_validate(line) for line in dossier.explanation],
        refused_at=dossier.refused_at,
        reason_code=dossier.refused_reason,
    )


OF_WAITING = same_fields(WaitingAnswer, Dossier, beside=("state", "missing", "expired"))
OF_DOSSIER = same_fields(
    DossierAnswer,
    Dossier,
    beside=("dossier_id", "state", "door_state", "holder", "due_at", "completed_at", "missing", "messages"),
)


def waiting_answer(dossier: Dossier, today: date) -> WaitingAnswer:
    """A row of the counter's queue."""
    return WaitingAnswer(
        **OF_WAITING(dossier),
        state=dossier.state.value,
        missing=[str(paper) for paper in dossier.papers_to_bring],
        expired=[paper.type for paper in dossier.expired_papers(today)],
    )


def dossier_answer(tracked: TrackedDossier) -> DossierAnswer:
    """The answer for an operator or a counter."""
    dossier = tracked.dossier
    status = tracked.standing
    return DossierAnswer(
        **OF_DOSSIER(dossier),
        dossier_id=dossier.id,
        state=status.state,
        door_state=dossier.state.value,
        holder=status.holder.office if status.holder else None,
        due_at=status.due_at,
        completed_at=status.completed_at,
        missing=[str(paper) for paper in dossier.papers_to_bring],
        messages=message_answers(tracked),
    )


def message_answers(tracked: TrackedDossier) -> list[MessageAnswer]:
    """The messages sent about the dossier, oldest first."""
    return [MessageAnswer.model_validate(notice) for notice in tracked.notices]
