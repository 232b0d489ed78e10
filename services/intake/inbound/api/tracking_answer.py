"""What the holder of a slip is told of the dossier, by HTTP."""

from dataclasses import fields
from datetime import datetime

from pydantic import Field

from services.intake.domain.tracking.dossier_status import DossierStatus
from services.intake.inbound.api.answers import (
    CODE,
    ExplanationAnswer,
    HolderAnswer,
    MessageAnswer,
    StepAnswer,
    message_answers,
)
from services.intake.usecases.show_case import TrackedDossier
from services.intake.words import text
from shared.web.answers.answer import Answer
from shared.words import BilingualText


class OwedByCitizenAnswer(Answer):
    """What the citizen must do before the clock goes on: bring these papers, or pay this much (đồng)."""

    items: list[str] = Field(examples=[[text("examples.paper").vi]])
    amount: int | None
    answer_by: datetime


class NewDatePassedAnswer(Answer):
    """The new date has passed too, and no result: the head of this office and the city were told."""

    told_at: datetime
    office: str = Field(validation_alias="office_short", examples=[text("examples.office").vi])
    whose: str = Field(
        description="Whose time it was then: office, citizen (their answer was awaited), outside (the limit)",
        examples=["office"],
    )


class ApologyAnswer(Answer):
    """The signed apology (form 04) of a dossier that went late; `due_at` stays the date of the law."""

    office: str = Field(validation_alias="office_short", examples=[text("examples.office").vi])
    step_vi: str = Field(validation_alias="title_vi")
    step_en: str = Field(validation_alias="title_en")
    was_due_at: datetime
    late_minutes: int = Field(description="Working minutes, when it was signed")
    new_due_at: datetime
    signed_at: datetime
    passed: NewDatePassedAnswer | None


class DeclinedAnswer(Answer):
    """A request of the citizen's that could not be done; the dossier went on as before."""

    why_vi: str = Field(validation_alias="vi")
    why_en: str = Field(validation_alias="en")
    at: datetime


class TrackingAnswer(Answer):
    """Where the dossier stands, for the holder of the slip. While something is owed no date is promised."""

    code: str = Field(examples=[CODE])
    state: str = Field(examples=["in_process"])
    state_vi: str = Field(examples=[text("examples.state").vi])
    state_en: str
    holder: HolderAnswer | None
    due_at: datetime | None
    outcome: str | None = Field(
        description="Once there is a result: granted or denied; of an interlinked procedure see its steps",
        examples=["granted"],
    )
    explanation: list[ExplanationAnswer]
    owed: OwedByCitizenAnswer | None
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


def tracking_answer(tracked: TrackedDossier, state: BilingualText) -> TrackingAnswer:
    """Where it stands, for the citizen."""
    status = tracked.standing
    names = {"code": tracked.dossier.code, "state_vi": state.vi, "state_en": state.en}
    return TrackingAnswer.model_validate(
        names
        | {name: getattr(status, name) for name in STATUS_FIELDS}
        | {"messages": message_answers(tracked)}
    )


STATUS_FIELDS = TrackingAnswer.model_fields.keys() & {field.name for field in fields(DossierStatus)}
"""What the answer takes over from `Standing` by name."""
