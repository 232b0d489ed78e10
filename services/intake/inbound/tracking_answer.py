"""What the holder of a slip is told of the dossier, by HTTP."""

from datetime import datetime

from pydantic import Field

from services.intake.domain.standing import Apology, Child, Declined, Owed, Passed
from services.intake.inbound.answers import (
    CODE,
    Answer,
    ChildAnswer,
    ExplanationAnswer,
    HolderAnswer,
    MessageAnswer,
    StepAnswer,
    message_answers,
)
from services.intake.usecases.show_case import Shown
from shared.catalogue.words import Words
from shared.worktime.jsonl.writing import line_object


class OwedAnswer(Answer):
    """What the citizen must do before the clock goes on: bring these papers, or pay this much (đồng)."""

    items: list[str] = Field(examples=[["Giấy chứng nhận bản gốc"]])
    amount: int | None
    answer_by: datetime


class PassedAnswer(Answer):
    """The new date has passed too, and no result: the head of this office and the city were told."""

    told_at: datetime
    office: str = Field(examples=["Công an TP Hà Nội"])
    whose: str = Field(
        description="Whose time it was then: office, citizen (their answer was awaited), outside (the limit)",
        examples=["office"],
    )


class ApologyAnswer(Answer):
    """The signed apology (form 04) of a dossier that went late; `due_at` stays the date of the law."""

    office: str = Field(examples=["Công an TP Hà Nội"])
    step_vi: str
    step_en: str
    was_due_at: datetime
    late_minutes: int = Field(description="Working minutes, when it was signed")
    new_due_at: datetime
    signed_at: datetime
    passed: PassedAnswer | None


class DeclinedAnswer(Answer):
    """A request of the citizen's that could not be done; the dossier went on as before."""

    why_vi: str
    why_en: str
    at: datetime


class TrackingAnswer(Answer):
    """Where the dossier stands, for the holder of the slip. While something is owed no date is promised."""

    code: str = Field(examples=[CODE])
    state: str = Field(examples=["in_process"])
    state_vi: str = Field(examples=["Đang xử lý"])
    state_en: str
    holder: HolderAnswer | None
    due_at: datetime | None
    outcome: str | None = Field(
        description="Once there is a result: granted or denied; of an interlinked procedure see its steps",
        examples=["granted"],
    )
    explanation: list[ExplanationAnswer]
    owed: OwedAnswer | None
    apology: ApologyAnswer | None
    office_sought_since: datetime | None = Field(
        description="Accepted; since then the office of its next step cannot be named"
    )
    stopped_reason: str | None = Field(
        description="Of a stopped one: the office's own words, `withdrawn` or `no_answer`"
    )
    extension_reason: str | None = Field(description="Of an extension (form 04), as its head gave it")
    declined: DeclinedAnswer | None = Field(description="The last request that could not be done, and why")
    steps: list[StepAnswer]
    messages: list[MessageAnswer]


def tracking_answer(shown: Shown, state: Words) -> TrackingAnswer:
    """Where it stands, for the citizen."""
    where = shown.standing
    holder = where.holder
    return TrackingAnswer(
        code=shown.dossier.code,
        state=where.state,
        state_vi=state.vi,
        state_en=state.en,
        holder=HolderAnswer(office=holder.office, name=holder.short, since=holder.since) if holder else None,
        due_at=where.due_at,
        outcome=where.outcome,
        explanation=[ExplanationAnswer.model_validate(line_object(line)) for line in where.explanation],
        owed=_owed(where.owed),
        apology=_apology(where.apology),
        office_sought_since=where.office_sought_since,
        stopped_reason=where.stopped_reason,
        extension_reason=where.extension_reason,
        declined=_declined(where.declined),
        steps=[
            StepAnswer(
                step=step.step,
                title_vi=step.title_vi,
                title_en=step.title_en,
                office=step.office_short,
                state=step.state,
                due_at=step.due_at,
                done_at=step.done_at,
                actor=step.actor,
                child=_child(step.child),
                outcome=step.outcome,
            )
            for step in where.steps
        ],
        messages=message_answers(shown),
    )


def _child(child: Child | None) -> ChildAnswer | None:
    if child is None:
        return None
    return ChildAnswer(
        code=child.code,
        office=child.office_short,
        state=child.state,
        due_at=child.due_at,
        completed_at=child.completed_at,
        outcome=child.outcome,
    )


def _owed(owed: Owed | None) -> OwedAnswer | None:
    if owed is None:
        return None
    return OwedAnswer(items=list(owed.items), amount=owed.amount, answer_by=owed.answer_by)


def _declined(found: Declined | None) -> DeclinedAnswer | None:
    return DeclinedAnswer(why_vi=found.why.vi, why_en=found.why.en, at=found.at) if found else None


def _apology(signed: Apology | None) -> ApologyAnswer | None:
    if signed is None:
        return None
    return ApologyAnswer(
        office=signed.office_short,
        step_vi=signed.title_vi,
        step_en=signed.title_en,
        was_due_at=signed.was_due_at,
        late_minutes=signed.late_minutes,
        new_due_at=signed.new_due_at,
        signed_at=signed.signed_at,
        passed=_passed(signed.passed),
    )


def _passed(end: Passed | None) -> PassedAnswer | None:
    if end is None:
        return None
    return PassedAnswer(told_at=end.told_at, office=end.office_short, whose=end.whose)
