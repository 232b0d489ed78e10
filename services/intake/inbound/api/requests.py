"""Acts of a citizen or a counter: papers asked for and brought, withdraw, keep, stop, a fee, a result."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Security
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.acts.requests import (
    CancelWithdrawal,
    DossierAct,
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
RequiredText = Annotated[str, Field(min_length=1, max_length=80, pattern=WITHOUT_NUL)]
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
    basis: RequiredText | None = None
    approved_by: RequiredText | None = None


class StopBody(StrictBody):
    """Form 05 before acceptance: the reason follows from where the dossier stands."""


class PaymentBody(StrictBody):
    """How much, in đồng, and the reference of the receipt."""

    amount: int = Field(gt=0, le=10**12, examples=[75000])
    receipt_ref: RequiredText


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


def request_routes(context: IntakeContext, limits: LookupRateLimits) -> APIRouter:
    """Each answers 202: after acceptance routing judges. The same Idempotency-Key again is a retry."""
    router = APIRouter(
        prefix="/v1/dossiers/{code}",
        tags=["dossiers"],
        dependencies=[Security(API_KEY)],
        responses=_documented_responses(),
    )

    async def hand_on(request: Request, code: str, act: DossierAct, secret: str | None) -> RequestAnswer:
        code = normalize_code(code)
        dossier_request = DossierRequest(
            idempotency_key(request),
            code,
            act,
            await optional_actor(request),
            secret,
            request_traceparent(request),
        )
        with limits.count_failed_lookup(request, code):
            stored = await submit_request(context, dossier_request)
        return RequestAnswer(code=code, request=stored.type.removesuffix(".v1"), asked_at=stored.asked_at)

    @router.post("/withdraw", status_code=202)
    async def withdraw(request: Request, code: Code, body: WithdrawBody) -> RequestAnswer:
        """Ask to take it back; while that is judged the clock goes on as it was."""
        return await hand_on(request, code, RequestWithdrawal(body.reason_code), body.secret)

    @router.post("/keep", status_code=202)
    async def keep(request: Request, code: Code, body: SlipSecretBody) -> RequestAnswer:
        """Take a withdrawal back: the dossier goes on exactly where it was."""
        return await hand_on(request, code, CancelWithdrawal(), body.secret)

    @router.post("/supplement", status_code=202)
    async def supplement(request: Request, code: Code, body: SupplementBody) -> RequestAnswer:
        """The papers asked for came to the counter; the clock runs again from this moment."""
        return await hand_on(request, code, RecordSupplement(tuple(body.items)), None)

    @router.post("/ask-supplement", status_code=202)
    async def ask_papers(request: Request, code: Code, body: CounterSupplementBody) -> RequestAnswer:
        """Before acceptance the counter asks once for all that is missing; no clock has started."""
        answer_by = to_city_time(body.answer_by) if body.answer_by else None
        supplement_request = SupplementRequest(tuple(body.items), answer_by, body.basis, body.approved_by)
        return await hand_on(request, code, RequestSupplement(supplement_request), None)

    @router.post("/stop", status_code=202)
    async def stop(request: Request, code: Code, body: StopBody) -> RequestAnswer:
        """Before acceptance: as the citizen asked, or because the papers did not come in time."""
        return await hand_on(request, code, StopDossier(), None)

    @router.post("/payment", status_code=202)
    async def payment(request: Request, code: Code, body: PaymentBody) -> RequestAnswer:
        """A fee was paid."""
        return await hand_on(request, code, RecordPayment(body.amount, body.receipt_ref), None)

    @router.post("/return", status_code=202)
    async def hand_over(request: Request, code: Code, body: HandOverBody) -> RequestAnswer:
        """The result was handed over; with that the dossier is closed."""
        return await hand_on(request, code, RecordHandOver(body.how, body.to, body.proof_ref), None)

    return router


def _documented_responses() -> dict[int | str, dict[str, Any]]:
    example = {"code": examples.CODE, "request": "dossier.withdrawal_requested"}
    return examples.documented_queued_responses(
        202, example | {"asked_at": "2026-03-06T09:00:00+07:00"}, 403, 404, 409, 422
    )
