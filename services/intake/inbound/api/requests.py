"""Acts of a citizen or a counter: papers asked for and brought, withdraw, keep, stop, a fee, a result."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Security
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.acts.requests import (
    Asked,
    CancelWithdrawal,
    RecordHandOver,
    RecordPayment,
    RecordSupplement,
    RequestSupplement,
    RequestWithdrawal,
    StopDossier,
)
from services.intake.domain.dossier.code import normalize_code
from services.intake.inbound.api import examples
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.request_reading import idempotency_key, request_traceparent
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.submit_request import DossierRequest, submit_request
from shared.clock import to_city_time
from shared.events.agency import WITHOUT_NUL
from shared.web.auth.identity import API_KEY, optional_actor

Code = Annotated[str, Path(max_length=60, pattern=WITHOUT_NUL)]
Secret = Annotated[str | None, Field(default=None, max_length=60, pattern=WITHOUT_NUL)]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=WITHOUT_NUL)]
Item = Annotated[str, Field(min_length=1, max_length=60, pattern=WITHOUT_NUL)]


class StrictBody(BaseModel):
    """No unknown fields."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SlipSecretBody(StrictBody):
    """The secret of the slip; the counter that received the dossier sends its key instead."""

    secret: Secret = None


class WithdrawBody(SlipSecretBody):
    """Why, if they say."""

    reason_code: Annotated[str | None, Field(default=None, max_length=60, pattern=WITHOUT_NUL)] = None


class SupplementBody(StrictBody):
    """The kinds of paper that were brought."""

    items: list[Item] = Field(min_length=1, max_length=50, examples=[["HDCN"]])


class CounterSupplementBody(StrictBody):
    """Form 02 before acceptance. Without `items`: all that the dossier lacks. The second needs the rest."""

    items: list[Item] = Field(default=[], max_length=50, examples=[["HDCN"]])
    answer_by: AwareDatetime | None = Field(default=None, examples=["2026-03-20T17:00:00+07:00"])
    basis: Word | None = None
    approved_by: Word | None = None


class StopBody(StrictBody):
    """Form 05 before acceptance: the reason follows from where the dossier stands."""


class PaymentBody(StrictBody):
    """How much, in đồng, and the reference of the receipt."""

    amount: int = Field(gt=0, le=10**12, examples=[75000])
    receipt_ref: Word


class HandOverBody(StrictBody):
    """How and to whom, and what proves it."""

    how: Literal["electronic", "counter", "post", "home"]
    to: Literal["self", "proxy"]
    proof_ref: Annotated[str | None, Field(default=None, max_length=80, pattern=WITHOUT_NUL)] = None


class RequestAnswer(BaseModel):
    """Written down. What became of it stands on the tracking page, and in `case.updates`."""

    code: str = Field(examples=[examples.CODE])
    request: str = Field(examples=["dossier.withdrawal_requested"])
    asked_at: datetime


def request_routes(door: IntakeContext, limits: LookupRateLimits) -> APIRouter:
    """Each answers 202: after acceptance routing judges. The same Idempotency-Key again is a retry."""
    router = APIRouter(
        prefix="/v1/dossiers/{code}",
        tags=["dossiers"],
        dependencies=[Security(API_KEY)],
        responses=_answers(),
    )

    async def hand_on(request: Request, code: str, asked: Asked, secret: str | None) -> RequestAnswer:
        code = normalize_code(code)
        asking = DossierRequest(
            idempotency_key(request),
            code,
            asked,
            await optional_actor(request),
            secret,
            request_traceparent(request),
        )
        with limits.count_failed_lookup(request, code):
            kept = await submit_request(door, asking)
        return RequestAnswer(code=code, request=kept.type.removesuffix(".v1"), asked_at=kept.asked_at)

    @router.post("/withdraw", status_code=202)
    async def withdraw(request: Request, code: Code, said: WithdrawBody) -> RequestAnswer:
        """Ask to take it back; while that is judged the clock goes on as it was."""
        return await hand_on(request, code, RequestWithdrawal(said.reason_code), said.secret)

    @router.post("/keep", status_code=202)
    async def keep(request: Request, code: Code, said: SlipSecretBody) -> RequestAnswer:
        """Take a withdrawal back: the dossier goes on exactly where it was."""
        return await hand_on(request, code, CancelWithdrawal(), said.secret)

    @router.post("/supplement", status_code=202)
    async def supplement(request: Request, code: Code, said: SupplementBody) -> RequestAnswer:
        """The papers asked for came to the counter; the clock runs again from this moment."""
        return await hand_on(request, code, RecordSupplement(tuple(said.items)), None)

    @router.post("/ask-supplement", status_code=202)
    async def ask_papers(request: Request, code: Code, said: CounterSupplementBody) -> RequestAnswer:
        """Before acceptance the counter asks once for all that is missing; no clock has started."""
        answer_by = to_city_time(said.answer_by) if said.answer_by else None
        wants = SupplementRequest(tuple(said.items), answer_by, said.basis, said.approved_by)
        return await hand_on(request, code, RequestSupplement(wants), None)

    @router.post("/stop", status_code=202)
    async def stop(request: Request, code: Code, said: StopBody) -> RequestAnswer:
        """Before acceptance: as the citizen asked, or because the papers did not come in time."""
        return await hand_on(request, code, StopDossier(), None)

    @router.post("/payment", status_code=202)
    async def payment(request: Request, code: Code, said: PaymentBody) -> RequestAnswer:
        """A fee was paid."""
        return await hand_on(request, code, RecordPayment(said.amount, said.receipt_ref), None)

    @router.post("/return", status_code=202)
    async def hand_over(request: Request, code: Code, said: HandOverBody) -> RequestAnswer:
        """The result was handed over; with that the dossier is closed."""
        return await hand_on(request, code, RecordHandOver(said.how, said.to, said.proof_ref), None)

    return router


def _answers() -> dict[int | str, dict[str, Any]]:
    example = {"code": examples.CODE, "request": "dossier.withdrawal_requested"}
    return examples.documented_queued_responses(
        202, example | {"asked_at": "2026-03-06T09:00:00+07:00"}, 403, 404, 409, 422
    )
