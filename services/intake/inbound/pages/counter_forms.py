"""What a counter records: papers asked for or brought, a stop, a fee paid, a result handed over."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.acts.requests import (
    Asked,
    RecordHandOver,
    RecordPayment,
    RecordSupplement,
    RequestSupplement,
    StopDossier,
)
from services.intake.domain.dossier.code import normalize_code
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.pages.counter import Counter, dossier_page
from services.intake.inbound.request_reading import form_idempotency_key, request_traceparent
from services.intake.usecases.submit_request import DossierRequest, submit_request
from services.intake.words import field_error, refuse
from shared.clock import end_of_day
from shared.errors import RefusalKind, Refused
from shared.events.agency import WITHOUT_NUL

Typed = Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)]
HOW = ("counter", "electronic", "post", "home")
TO = ("self", "proxy")


class CounterForm:
    """The fields of the three forms, as typed; each sends its own."""

    def __init__(  # noqa: PLR0917  (forms' fields)
        self,
        key: Typed = "",
        items: Annotated[list[str] | None, Form(max_length=50)] = None,
        amount: Typed = "",
        receipt_ref: Typed = "",
        how: Typed = "",
        to: Typed = "",
        proof_ref: Typed = "",
        answer_by: Typed = "",
        basis: Typed = "",
        approved_by: Typed = "",
    ) -> None:
        self.key, self.items = key, tuple(items or ())
        self.amount, self.receipt_ref = amount.strip(), receipt_ref.strip()
        self.answer_by, self.basis, self.approved_by = answer_by, basis.strip(), approved_by.strip()
        self.how, self.to, self.proof_ref = how, to, proof_ref.strip()


def counter_form_routes(work: IntakeBatcher) -> APIRouter:
    """POST /counter/{code}/record/supplement, payment, return, ask-supplement, stop."""
    router = APIRouter(prefix="/counter", include_in_schema=False)

    @router.post("/{code}/record/{what}")
    async def record(
        request: Request, code: str, what: str, actor: Counter, said: Annotated[CounterForm, Depends()]
    ) -> Response:
        code = normalize_code(code)
        try:
            await submit_request(
                work.door,
                DossierRequest(
                    form_idempotency_key(said.key),
                    code,
                    _asked(what, said),
                    actor,
                    None,
                    request_traceparent(request),
                ),
            )
        except Refused as why:
            if why.kind not in (RefusalKind.INVALID, RefusalKind.CONFLICT):
                raise
            return await dossier_page(request, work, code, actor, why, recording=vars(said))
        return RedirectResponse(f"/counter/{code}?recorded=true", 303)

    return router


def _asked(what: str, said: CounterForm) -> Asked:
    """The form as what the API takes too. Raises Refused with each field that is wrong."""
    match what:
        case "supplement":
            _must({"items": bool(said.items) and all(0 < len(item) <= 300 for item in said.items)})
            return RecordSupplement(said.items)
        case "payment":
            amount = said.amount.replace(".", "").replace(",", "").replace(" ", "")
            fits = amount.isascii() and amount.isdigit() and 0 < int(amount[:15]) <= 10**12
            _must({"amount": fits, "receipt_ref": bool(said.receipt_ref)})
            return RecordPayment(int(amount), said.receipt_ref)
        case "return":
            proved = said.to != "proxy" or bool(said.proof_ref)
            _must({"how": said.how in HOW, "to": said.to in TO, "proof_ref": proved})
            return RecordHandOver(said.how, said.to, said.proof_ref or None)
        case "ask-supplement":
            day = _day(said.answer_by)
            return RequestSupplement(SupplementRequest((), day, said.basis or None, said.approved_by or None))
        case "stop":
            return StopDossier()
        case _:
            raise refuse("no_such_act")


MISSING: Mapping[str, str] = {
    "items": "items_not_ticked",
    "amount": "amount_not_given",
    "receipt_ref": "receipt_not_given",
    "how": "way_not_chosen",
    "to": "receiver_not_chosen",
    "proof_ref": "proof_not_given",
}
"""What is said at a field of the forms that cannot be read."""


def _must(holds: Mapping[str, bool]) -> None:
    errors = tuple(field_error(field, MISSING[field]) for field, fine in holds.items() if not fine)
    if errors:
        raise refuse("invalid", errors=errors)


def _day(text: str) -> datetime | None:
    """The last moment of a day as typed; None where it is none, which form 02 then refuses."""
    try:
        return end_of_day(date.fromisoformat(text))
    except ValueError:
        return None
