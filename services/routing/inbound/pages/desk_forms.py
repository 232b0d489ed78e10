"""What an office asks for from its desk: the forms beside start, done and give back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form

from services.routing.domain.acts.available_acts import ExtensionOption, available_acts, extension_options
from services.routing.domain.case.case import Case
from services.routing.domain.case.position import StateEvent
from services.routing.domain.case.state import transition_for
from services.routing.domain.case.task import HEAD, OfficeRequest, RequestDetails, Task
from services.routing.domain.clock.case_clock import supplement_count
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import end_of_day
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL

SUPPLEMENT_FIELDS = {"items_missing": "items", "second_supplement_counts_as_late": "basis"}
FIELDS: Mapping[OfficeRequest, Mapping[str, str]] = {
    OfficeRequest.SUPPLEMENT: SUPPLEMENT_FIELDS | {"bad_answer_by": "answer_by"},
    OfficeRequest.PAYMENT: {"amount_missing": "amount", "bad_answer_by": "pay_by"},
    OfficeRequest.WAIVER: {"rule_missing": "rule"},
    OfficeRequest.STOP: {"reason_missing": "stop_reason"},
    OfficeRequest.RECALL: {"reason_missing": "recall_reason"},
    OfficeRequest.EXTENSION: {"reason_missing": "extension_reason"},
    OfficeRequest.SIGNATURE: {"new_date_not_ahead": "new_day"},
}
"""At which field of its form a refusal is said; the first one where none is named."""

FIRST_FIELDS = {request: next(iter(fields.values())) for request, fields in FIELDS.items()}
Short = Annotated[str, Form(max_length=200, pattern=WITHOUT_NUL)]
Long = Annotated[str, Form(max_length=10_000, pattern=WITHOUT_NUL)]
MOST_ITEMS, MOST_OF_ITEM = 50, 300


@dataclass(frozen=True, slots=True)
class DeskForm:
    """The fields of all these forms, as typed; each form sends its own."""

    items: Long = ""
    answer_by: Short = ""
    basis: Short = ""
    approved_by: Short = ""
    amount: Short = ""
    pay_by: Short = ""
    rule: Short = ""
    stop_reason: Long = ""
    recall_reason: Long = ""
    days: Short = ""
    extension_reason: Long = ""
    new_day: Short = ""

    def field_values(self) -> dict[str, str]:
        """As typed, to be shown again."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DeskForms:
    """What the page offers: the acts open now, the dates an extension would give, the nth supplement."""

    open: tuple[OfficeRequest, ...]
    dates: list[ExtensionOption]
    supplements: int
    stop_asked: str | None
    stop_by: str | None


def available_forms(case: Case, task: Task, actor: Actor, catalogue: Catalogue, at: datetime) -> DeskForms:
    """Only what the process allows from where the dossier stands."""
    dates = extension_options(case, task, actor, catalogue, at)
    acts = available_acts(case, task, actor)
    pending = case.stop_asked if case.stop_asked and case.stop_asked.office == task.office else None
    return DeskForms(
        open=(*acts, OfficeRequest.EXTENSION) if dates else acts,
        dates=dates,
        supplements=supplement_count(case),
        stop_asked=pending.reason if pending else None,
        stop_by=pending.by if pending else None,
    )


def drop_final_act(case: Case, acts: tuple[str, ...]) -> tuple[str, ...]:
    """Without the last word on a dossier that cannot be completed from where it stands."""
    can_complete = transition_for(case.position, StateEvent.COMPLETED) is not None
    return tuple(act for act in acts if can_complete or act != "decide")


def act_by_slug(name: str) -> OfficeRequest | None:
    """The act of a form's address."""
    return next((request for request in FIELDS if request.value == name), None) or (
        OfficeRequest.CONFIRMED_STOP if name == OfficeRequest.CONFIRMED_STOP.value else None
    )


def form_to_act(task_id: UUID, request: OfficeRequest, actor: Actor, form: DeskForm) -> DeskAct:
    """The form as the act that the API takes too. Raises Refused where something typed cannot be read."""
    reasons = {
        OfficeRequest.STOP: form.stop_reason,
        OfficeRequest.RECALL: form.recall_reason,
        OfficeRequest.EXTENSION: form.extension_reason,
    }
    reason = reasons.get(request, "").strip()[:2000] or None
    return DeskAct(
        task_id,
        request,
        actor.office or "",
        actor,
        reason=reason,
        details=_request_details(request, actor, form),
    )


def refusal_by_field(refusal: Refused, request: OfficeRequest) -> tuple[FieldError, ...]:
    """The refusal, at the field that mends it."""
    field = FIELDS.get(request, {}).get(refusal.code) or FIRST_FIELDS.get(request, request.value)
    return refusal.errors or (FieldError(field, refusal.code, refusal.vi, refusal.en),)


def _request_details(request: OfficeRequest, actor: Actor, form: DeskForm) -> RequestDetails:
    match request:
        case OfficeRequest.SUPPLEMENT:
            head = actor.id if actor.role == HEAD else None
            return RequestDetails(
                items=_lines(form.items),
                answer_by=_end_of("answer_by", form.answer_by),
                basis=form.basis.strip() or None,
                approved_by=form.approved_by.strip() or head,
            )
        case OfficeRequest.PAYMENT:
            return RequestDetails(amount=_amount(form.amount), answer_by=_end_of("pay_by", form.pay_by))
        case OfficeRequest.WAIVER:
            return RequestDetails(rule=form.rule.strip() or None)
        case OfficeRequest.SIGNATURE:
            return RequestDetails(new_day=_day("new_day", form.new_day))
        case OfficeRequest.EXTENSION:
            return RequestDetails(days=_whole_number("days", form.days))
        case _:
            return RequestDetails()


def _lines(text: str) -> tuple[str, ...]:
    """A defect a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS or any(len(line) > MOST_OF_ITEM for line in lines):
        raise refuse("too_many_lines", at_field="items", lines=MOST_ITEMS, characters=MOST_OF_ITEM)
    return tuple(lines)


def _end_of(field: str, text: str) -> datetime | None:
    """The whole of that day counts."""
    day = _day(field, text)
    return end_of_day(day) if day else None


def _day(field: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse("unreadable_day", at_field=field) from None


def _amount(text: str) -> int | None:
    """Đồng as people write them, 75.000 or 75,000."""
    amount = _whole_number("amount", text.replace(".", "").replace(",", "").replace(" ", "").rstrip("đ"))
    if amount and amount > 10**12:
        raise refuse("amount_too_large", at_field="amount")
    return amount


def _whole_number(field: str, text: str) -> int | None:
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 15:
        return int(text.strip())
    raise refuse("unreadable_number", at_field=field)
