"""What an office asks for from its task, over HTTP. Every verb may be sent twice."""

from collections.abc import Awaitable
from datetime import date
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter
from pydantic import AliasChoices, AwareDatetime, BaseModel, Field

from services.routing.domain.case.task import NO_DETAILS, OfficeRequest, RequestDetails
from services.routing.inbound.api.answers import TaskAnswer, act_answer
from services.routing.inbound.api.callers import AnyKey, Officer
from services.routing.usecases.act_batcher import OfficeActBatcher
from services.routing.usecases.act_on_tasks import DeskAct
from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.events.agency_replies import Line
from shared.web.protection.load_shedding import ANSWERS

Words = Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)]
ASK_ANSWERS: dict[int | str, dict[str, Any]] = ANSWERS | {
    409: {"description": "Cannot follow from where the dossier stands. / Không hợp với trạng thái hồ sơ."}
}


class OfficeBody(BaseModel):
    """Whose word it is."""

    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL, examples=["LRO.019"])


class OfficeSupplementBody(OfficeBody):
    """Form 02: every defect in one request. A second one in a dossier names its basis and who approved it."""

    items: tuple[Line, ...] = Field(default=(), max_length=50, examples=[["Giấy chứng nhận bản gốc"]])
    answer_by: AwareDatetime | None = None
    basis: Line | None = None
    approved_by: Line | None = None


class PaymentRequestBody(OfficeBody):
    """An amount in đồng, and until when."""

    amount: int | None = Field(default=None, ge=0, le=10**12, examples=[1_500_000])
    pay_by: AwareDatetime | None = Field(default=None, validation_alias=AliasChoices("pay_by", "answer_by"))
    reason: Words | None = None


class ReasonBody(OfficeBody):
    """A stop (form 05) or a recall, and why."""

    reason: Words | None = Field(default=None, examples=["Không bổ sung giấy tờ trong thời hạn"])


class WaiverBody(OfficeBody):
    """The rule by which nothing is owed."""

    rule: Line | None = Field(default=None, examples=["NQ 77/2025"])


class ExtensionBody(ReasonBody):
    """Form 04: so many working days, signed by the head."""

    days: int | None = Field(default=None, ge=0, le=1000, examples=[2])
    approved_by: Line | None = None


class QueryBody(OfficeBody):
    """A question for other offices: those named, or all that the step may ask."""

    offices: tuple[Line, ...] = Field(default=(), max_length=50, examples=[["LRO-ARCH.001"]])
    question: Words | None = Field(default=None, examples=["Kho còn giữ hồ sơ gốc của thửa đất này không?"])


class SignatureBody(OfficeBody):
    """The head's name under an apology, and the new date if it is not the draft's."""

    new_day: date | None = Field(default=None, examples=["2026-03-12"])
    signed_by: Line | None = None


class SubmitAct(Protocol):
    """Hands an ask on, and answers with the task as it stands."""

    def __call__(
        self,
        task_id: UUID,
        request: OfficeRequest,
        body: OfficeBody,
        actor: Actor,
        details: RequestDetails = NO_DETAILS,
    ) -> Awaitable[TaskAnswer]: ...


def office_request_routes(batcher: OfficeActBatcher) -> APIRouter:
    """The verbs beside start, complete, decline."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    async def ask(
        task_id: UUID,
        request: OfficeRequest,
        body: OfficeBody,
        actor: Actor,
        details: RequestDetails = NO_DETAILS,
    ) -> TaskAnswer:
        reason = _reason(body)
        act = DeskAct(task_id, request, body.office, actor, reason=reason, details=details)
        return act_answer(await batcher.acts.submit(act))

    _citizen_requests(router, ask)
    _end_requests(router, ask)
    _date_requests(router, ask)
    _query_requests(router, ask)
    return router


def _citizen_requests(router: APIRouter, ask: SubmitAct) -> None:
    """What the citizen is asked for, or need not give."""

    @router.post("/{task_id}/ask-supplement", responses=ASK_ANSWERS)
    async def ask_supplement(task_id: UUID, body: OfficeSupplementBody, actor: AnyKey) -> TaskAnswer:
        """Papers are missing or wrong: the citizen is asked once, and the clock waits."""
        details = RequestDetails(body.items, body.answer_by, body.basis, body.approved_by)
        return await ask(task_id, OfficeRequest.SUPPLEMENT, body, actor, details)

    @router.post("/{task_id}/ask-payment", responses=ASK_ANSWERS)
    async def ask_payment(task_id: UUID, body: PaymentRequestBody, actor: AnyKey) -> TaskAnswer:
        """The citizen must pay before work goes on."""
        details = RequestDetails(amount=body.amount, answer_by=body.pay_by)
        return await ask(task_id, OfficeRequest.PAYMENT, body, actor, details)

    @router.post("/{task_id}/waive-fee", responses=ASK_ANSWERS)
    async def waive_fee(task_id: UUID, body: WaiverBody, actor: Officer) -> TaskAnswer:
        """Nothing is owed, by this rule."""
        return await ask(task_id, OfficeRequest.WAIVER, body, actor, RequestDetails(rule=body.rule))


def _end_requests(router: APIRouter, ask: SubmitAct) -> None:
    """An end before the end, and an end taken back."""

    @router.post("/{task_id}/ask-stop", responses=ASK_ANSWERS)
    async def ask_stop(task_id: UUID, body: ReasonBody, actor: AnyKey) -> TaskAnswer:
        """Form 05: waits for a second person, unless the citizen asked to withdraw."""
        return await ask(task_id, OfficeRequest.STOP, body, actor)

    @router.post("/{task_id}/confirm-stop", responses=ASK_ANSWERS)
    async def confirm_stop(task_id: UUID, body: OfficeBody, actor: Officer) -> TaskAnswer:
        """The second person."""
        return await ask(task_id, OfficeRequest.CONFIRMED_STOP, body, actor)

    @router.post("/{task_id}/recall", responses=ASK_ANSWERS)
    async def recall(task_id: UUID, body: ReasonBody, actor: AnyKey) -> TaskAnswer:
        """A defect found before the result is handed over: the step is done again."""
        return await ask(task_id, OfficeRequest.RECALL, body, actor)


def _date_requests(router: APIRouter, ask: SubmitAct) -> None:
    """More time, and the one new date."""

    @router.post("/{task_id}/extend", responses=ASK_ANSWERS)
    async def extend(task_id: UUID, body: ExtensionBody, actor: AnyKey) -> TaskAnswer:
        """Form 04, by the head, before the date, once."""
        details = RequestDetails(days=body.days, approved_by=body.approved_by)
        return await ask(task_id, OfficeRequest.EXTENSION, body, actor, details)

    @router.post("/{task_id}/sign", responses=ASK_ANSWERS)
    async def sign(task_id: UUID, body: SignatureBody, actor: AnyKey) -> TaskAnswer:
        """Form 04: the head of the late office apologises and gives the one new date."""
        return await ask(
            task_id,
            OfficeRequest.SIGNATURE,
            body,
            actor,
            RequestDetails(approved_by=body.signed_by, new_day=body.new_day),
        )


def _query_requests(router: APIRouter, ask: SubmitAct) -> None:
    """Questions to other offices."""

    @router.post("/{task_id}/ask-offices", responses=ASK_ANSWERS)
    async def ask_offices(task_id: UUID, body: QueryBody, actor: AnyKey) -> TaskAnswer:
        """The question goes to all of them at once; the citizen's clock runs on."""
        return await ask(task_id, OfficeRequest.OFFICES, body, actor, RequestDetails(offices=body.offices))

    @router.post("/{task_id}/close-query", responses=ASK_ANSWERS)
    async def close_query(task_id: UUID, body: ReasonBody, actor: AnyKey) -> TaskAnswer:
        """The step goes on with the answers that are in; the silent are on record with the reason."""
        return await ask(task_id, OfficeRequest.CLOSED_QUERY, body, actor)


def _reason(body: OfficeBody) -> str | None:
    match body:
        case ReasonBody() | PaymentRequestBody():
            return body.reason
        case QueryBody():
            return body.question
        case _:
            return None
