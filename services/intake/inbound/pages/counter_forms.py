"""Forms with which a counter records an act: supplement, stop, payment, hand-over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.acts.requests import (
    DossierAct,
    RecordHandOver,
    RecordPayment,
    RecordSupplement,
    RequestSupplement,
    StopDossier,
)
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.pages.counter import Counter, dossier_page
from services.intake.inbound.request_reading import form_idempotency_key, request_traceparent
from services.intake.usecases.submit_request import DossierRequest, submit_request
from services.intake.words import field_error, refuse
from shared.clock import end_of_day
from shared.errors import FieldError, RefusalKind, Refused
from shared.events.agency import WITHOUT_NUL
from shared.typed_input import field_types
from shared.typed_input.characters import ascii_figures, without_blanks
from shared.typed_input.days import read_day
from shared.typed_input.dossier_code import normalize_code

Item = Annotated[str, Field(max_length=300, pattern=WITHOUT_NUL)]
FormText = Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL), field_types.line(80)]
HAND_OVER_WAYS = ("counter", "electronic", "post", "home")
RECIPIENTS = ("self", "proxy")


class CounterForm:
    """The fields of all forms as typed. Each form sends its own; the others are empty."""

    def __init__(  # noqa: PLR0917  (forms' fields)
        self,
        key: FormText = "",
        items: Annotated[list[Item] | None, Form(max_length=50)] = None,
        amount: FormText = "",
        receipt_ref: FormText = "",
        how: FormText = "",
        to: FormText = "",
        proof_ref: FormText = "",
        answer_by: FormText = "",
        basis: FormText = "",
        approved_by: FormText = "",
    ) -> None:
        self.key, self.items = key, tuple(items or ())
        self.amount, self.receipt_ref = amount.strip(), receipt_ref.strip()
        self.answer_by, self.basis, self.approved_by = answer_by, basis.strip(), approved_by.strip()
        self.how, self.to, self.proof_ref = how, to, proof_ref.strip()


def counter_form_routes(batcher: IntakeBatcher) -> APIRouter:
    """POST /counter/{code}/record/supplement, payment, return, ask-supplement, stop."""
    router = APIRouter(prefix="/counter", include_in_schema=False)

    @router.post("/{code}/record/{act_name}")
    async def record(
        request: Request, code: str, act_name: str, actor: Counter, form: Annotated[CounterForm, Depends()]
    ) -> Response:
        code = normalize_code(code)
        try:
            dossier_request = DossierRequest(
                key=form_idempotency_key(form.key),
                code=code,
                act=_parse_form(act_name, form),
                actor=actor,
                traceparent=request_traceparent(request),
            )
            await submit_request(batcher.context, dossier_request)
        except Refused as refusal:
            if refusal.kind not in (RefusalKind.INVALID, RefusalKind.CONFLICT):
                raise
            return await dossier_page(
                request, batcher, code=code, actor=actor, refused=refusal, recording=vars(form)
            )
        return RedirectResponse(f"/counter/{code}?recorded=true", 303)

    return router


def _parse_form(act_name: str, form: CounterForm) -> DossierAct:
    """The act of a sent form. Raises Refused with an error for each invalid field."""
    match act_name:
        case "supplement":
            _require({"items": bool(form.items) and all(0 < len(item) <= 300 for item in form.items)})
            return RecordSupplement(form.items)
        case "payment":
            amount = without_blanks(ascii_figures(form.amount)).replace(".", "").replace(",", "")
            is_amount = amount.isascii() and amount.isdigit() and 0 < int(amount[:15]) <= 10**12
            _require({"amount": is_amount, "receipt_ref": bool(form.receipt_ref)})
            return RecordPayment(int(amount), form.receipt_ref)
        case "return":
            has_proof = form.to != "proxy" or bool(form.proof_ref)
            _require({"how": form.how in HAND_OVER_WAYS, "to": form.to in RECIPIENTS, "proof_ref": has_proof})
            return RecordHandOver(form.how, form.to, form.proof_ref or None)
        case "ask-supplement":
            answer_by = _end_of_typed_day("answer_by", form.answer_by)
            supplement_request = SupplementRequest(
                items=(),
                answer_by=answer_by,
                basis=form.basis or None,
                approved_by=form.approved_by or None,
            )
            return RequestSupplement(supplement_request)
        case "stop":
            return StopDossier()
        case _:
            raise refuse("no_such_act")


FIELD_ERRORS: Mapping[str, str] = {
    "items": "items_not_ticked",
    "amount": "amount_not_given",
    "receipt_ref": "receipt_not_given",
    "how": "way_not_chosen",
    "to": "receiver_not_chosen",
    "proof_ref": "proof_not_given",
}
"""The code of the error shown at an invalid field."""


def _require(checks: Mapping[str, bool]) -> None:
    errors = tuple(field_error(field, FIELD_ERRORS[field]) for field, passed in checks.items() if not passed)
    if errors:
        raise refuse("invalid", errors=errors)


def _end_of_typed_day(field: str, text: str) -> datetime | None:
    """The end of a typed day; None without one, which form 02 refuses. Raises Refused if it is no day."""
    if not text:
        return None
    day = read_day(text, field=field)
    if isinstance(day, FieldError):
        raise refuse("invalid", errors=(day,))
    return end_of_day(day)
