"""The answer of the tracking API."""

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
from shared.same_fields import same_fields
from shared.web.answers.answer import Answer
from shared.words import BilingualText


class OwedByCitizenAnswer(Answer):
    """What the citizen owes before the clock runs on: papers (`items`) or a fee (`amount`, in đồng)."""

    items: list[str] = Field(examples=[[text("examples.paper").vi]])
    amount: int | None
    answer_by: datetime


class NewDatePassedAnswer(Answer):
    """The new date has passed too without a result: the office's head and the city were notified."""

    told_at: datetime
    office: str = Field(validation_alias="office_short", examples=[text("examples.office").vi])
    whose: str = Field(
        description="Whose time it was then: office, citizen (their answer was awaited), outside (the limit)",
        examples=["office"],
    )


class ApologyAnswer(Answer):
    """The signed apology (form 04) of a late dossier. It does not change `due_at`, the legal date."""

    office: str = Field(validation_alias="office_short", examples=[text("examples.office").vi])
    step_vi: str = Field(validation_alias="title_vi")
    step_en: str = Field(validation_alias="title_en")
    was_due_at: datetime
    late_minutes: int = Field(description="Working minutes, when it was signed")
    new_due_at: datetime
    signed_at: datetime
    passed: NewDatePassedAnswer | None


class DeclinedAnswer(Answer):
    """A request of the citizen that was declined; the dossier is unchanged."""

    why_vi: str = Field(validation_alias="vi")
    why_en: str = Field(validation_alias="en")
    at: datetime


class TrackingAnswer(Answer):
    """The status of a dossier for the slip holder. `due_at` is null while the citizen owes something."""

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


OF_STATUS = same_fields(TrackingAnswer, DossierStatus, beside=("code", "state_vi", "state_en", "messages"))


def tracking_answer(tracked: TrackedDossier, state: BilingualText) -> TrackingAnswer:
    """The answer for a tracked dossier. `state`: its name in both languages."""
    return TrackingAnswer(
        **OF_STATUS(tracked.standing),
        code=tracked.dossier.code,
        state_vi=state.vi,
        state_en=state.en,
        messages=message_answers(tracked),
    )
