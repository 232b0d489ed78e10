"""HTTP API of the acts on a dossier: supplement, withdraw, keep, stop, payment, return."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Security
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
from services.intake.inbound.api import examples
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.request_reading import idempotency_key, request_traceparent
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.submit_request import DossierRequest, submit_request
from shared.clock import to_city_time
from shared.events.agency import WITHOUT_NUL
from shared.typed_input import field_types
from shared.typed_input.dossier_code import normalize_code
from shared.web.auth.identity import API_KEY, document_office, optional_actor

Code = Annotated[str, Path(max_length=80, pattern=WITHOUT_NUL)]
Secret = Annotated[str | None, Field(default=None, max_length=60, pattern=WITHOUT_NUL)]
RequiredText = Annotated[
    str, Field(min_length=1, max_length=80, pattern=WITHOUT_NUL), field_types.line(80, shortest=1)
]
Item = Annotated[
    str, Field(min_length=1, max_length=60, pattern=WITHOUT_NUL), field_types.line(60, shortest=1)
]


class StrictBody(BaseModel):
    """A body that forbids unknown fields."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SlipSecretBody(StrictBody):
    """The secret of the slip. A counter leaves it out and authenticates with its API key."""

    secret: Secret = None


class WithdrawBody(SlipSecretBody):
    """A withdrawal, with an optional reason."""

    reason_code: Annotated[str | None, Field(default=None, max_length=60, pattern=WITHOUT_NUL)] = None


class SupplementBody(StrictBody):
    """The types of paper that were brought."""

    items: list[Item] = Field(min_length=1, max_length=50, examples=[["HDCN"]])


class CounterSupplementBody(StrictBody):
    """Form 02 before acceptance. Without `items`: all missing papers. A second needs basis and approver."""

    items: list[Item] = Field(default=[], max_length=50, examples=[["HDCN"]])
    answer_by: AwareDatetime | None = Field(default=None, examples=["2026-03-20T17:00:00+07:00"])
    basis: RequiredText | None = None
    approved_by: RequiredText | None = None


class StopBody(StrictBody):
    """Form 05 before acceptance: the reason follows from the state of the dossier."""


class PaymentBody(StrictBody):
    """The amount paid, in đồng, and the reference of the receipt."""

    amount: int = Field(gt=0, le=10**12, examples=[75000])
    receipt_ref: RequiredText


class HandOverBody(StrictBody):
    """How and to whom the result was handed over, and the reference of its proof."""

    how: Literal["electronic", "counter", "post", "home"]
    to: Literal["self", "proxy"]
    proof_ref: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL), field_types.line(80)] | None = None


class RequestAnswer(BaseModel):
    """The request was stored. Its result is on the tracking page and in `case.updates`."""

    code: str = Field(examples=[examples.CODE])
    request: str = Field(examples=["dossier.withdrawal_requested"])
    asked_at: datetime


def request_routes(context: IntakeContext, limits: LookupRateLimits) -> APIRouter:
    """Each answers 202, because routing decides after acceptance. A repeated Idempotency-Key is a retry."""
    router = APIRouter(
        prefix="/v1/dossiers/{code}",
        tags=["dossiers"],
        dependencies=[Security(API_KEY), Depends(document_office)],
        responses=_documented_responses(),
    )

    async def submit(request: Request, code: str, act: DossierAct, secret: str | None) -> RequestAnswer:
        code = normalize_code(code)
        dossier_request = DossierRequest(
            key=idempotency_key(request),
            code=code,
            act=act,
            actor=await optional_actor(request),
            secret=secret,
            traceparent=request_traceparent(request),
        )
        async with limits.count_failed_lookup(request, code):
            stored = await submit_request(context, dossier_request)
        return RequestAnswer(code=code, request=stored.type.removesuffix(".v1"), asked_at=stored.asked_at)

    @router.post("/withdraw", status_code=202)
    async def withdraw(request: Request, code: Code, body: WithdrawBody) -> RequestAnswer:
        """Request a withdrawal. The clock runs on until it is decided."""
        return await submit(request, code, RequestWithdrawal(body.reason_code), body.secret)

    @router.post("/keep", status_code=202)
    async def keep(request: Request, code: Code, body: SlipSecretBody) -> RequestAnswer:
        """Cancel a withdrawal: the dossier returns to its previous state."""
        return await submit(request, code, CancelWithdrawal(), body.secret)

    @router.post("/supplement", status_code=202)
    async def supplement(request: Request, code: Code, body: SupplementBody) -> RequestAnswer:
        """Record that the requested papers were brought; the clock runs again from now on."""
        return await submit(request, code, RecordSupplement(tuple(body.items)), None)

    @router.post("/ask-supplement", status_code=202)
    async def ask_papers(request: Request, code: Code, body: CounterSupplementBody) -> RequestAnswer:
        """Request all missing papers, before acceptance: no clock has started."""
        answer_by = to_city_time(body.answer_by) if body.answer_by else None
        supplement_request = SupplementRequest(tuple(body.items), answer_by, body.basis, body.approved_by)
        return await submit(request, code, RequestSupplement(supplement_request), None)

    @router.post("/stop", status_code=202)
    async def stop(request: Request, code: Code, body: StopBody) -> RequestAnswer:
        """Stop the dossier before acceptance: it was withdrawn, or the papers did not come in time."""
        return await submit(request, code, StopDossier(), None)

    @router.post("/payment", status_code=202)
    async def payment(request: Request, code: Code, body: PaymentBody) -> RequestAnswer:
        """Record a paid fee."""
        return await submit(request, code, RecordPayment(body.amount, body.receipt_ref), None)

    @router.post("/return", status_code=202)
    async def hand_over(request: Request, code: Code, body: HandOverBody) -> RequestAnswer:
        """Record the hand-over of the result, which closes the dossier."""
        return await submit(request, code, RecordHandOver(body.how, body.to, body.proof_ref), None)

    return router


def _documented_responses() -> dict[int | str, dict[str, Any]]:
    example = {"code": examples.CODE, "request": "dossier.withdrawal_requested"}
    return examples.documented_queued_responses(
        202, example | {"asked_at": "2026-03-06T09:00:00+07:00"}, 403, 404, 409, 422
    )
