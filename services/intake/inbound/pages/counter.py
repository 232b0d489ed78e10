"""The counter: what waits for my office, one dossier with all that is needed to decide, accept or refuse."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.acts.requests import RecordHandOver, RecordPayment, RecordSupplement, counter_acts
from services.intake.domain.dossier.code import normalize_code
from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.dossier.state import State
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.submission.access import decision_refusal
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.pages.counter_view import counter_rows, counter_view
from services.intake.inbound.pages.papers_view import checklist_rows
from services.intake.inbound.request_reading import request_traceparent
from services.intake.usecases.decide_dossiers import Decision, preview_acceptance
from services.intake.usecases.list_waiting import list_waiting, visible_offices
from services.intake.usecases.show_case import decrypt_applicant, show_by_code
from shared.actor import Actor
from shared.errors import RefusalKind, Refused
from shared.events.agency import WITHOUT_NUL
from shared.web.auth.identity import require_actor
from shared.web.pages.rendering import render

Counter = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"counter"}))]
Typed = Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL)]
RECORDED: Mapping[type | None, str] = {
    RecordSupplement: "supplement",
    RecordPayment: "payment",
    RecordHandOver: "return",
}


def counter_pages(work: IntakeBatcher) -> APIRouter:
    """/counter and /counter/{code}."""
    router = APIRouter(prefix="/counter", include_in_schema=False)
    door = work.door

    @router.get("")
    async def queue(
        request: Request, actor: Counter, page: Annotated[int, Query(ge=1, le=100_000)] = 1, done: str = ""
    ) -> Response:
        waiting = await list_waiting(door, await visible_offices(door, actor, None), page)
        office = door.catalogue.current.office(actor.office) if actor.office else None
        return render(
            request,
            "counter.html",
            queue=waiting,
            rows=counter_rows(waiting, door.catalogue.current),
            office=office,
            done=normalize_code(done),
        )

    @router.get("/{code}")
    async def one(request: Request, code: str, actor: Counter, recorded: bool = False) -> Response:
        return await dossier_page(request, work, normalize_code(code), actor, recorded=recorded)

    @router.get("/{code}/{act:path}")
    async def back_to_it(request: Request, code: str, act: str, actor: Counter) -> Response:
        """Where a form was sent to is an address too, for the language switch and after a log-in."""
        return RedirectResponse(f"/counter/{quote(normalize_code(code))}?{request.url.query}", 303)

    @router.post("/{code}/accept")
    async def accept(request: Request, code: str, actor: Counter) -> Response:
        decision = Decision(normalize_code(code), actor, traceparent=request_traceparent(request))
        return await _decide(request, work, decision)

    @router.post("/{code}/refuse")
    async def refuse(  # noqa: PLR0917  (a form's fields)
        request: Request,
        code: str,
        actor: Counter,
        reason_code: Typed = "",
        text: Typed = "",
        rule: Typed = "",
    ) -> Response:
        refusal = CounterRefusal(reason_code, text.strip(), rule.strip())
        return await _decide(
            request, work, Decision(normalize_code(code), actor, refusal, request_traceparent(request))
        )

    return router


async def _decide(request: Request, work: IntakeBatcher, decision: Decision) -> Response:
    try:
        dossier = await work.decisions.submit(decision)
    except Refused as refused:
        if refused.kind not in (RefusalKind.INVALID, RefusalKind.CONFLICT):
            raise
        return await dossier_page(request, work, decision.code, decision.actor, refused, decision.refusal)
    return RedirectResponse(f"/counter?done={dossier.code}", 303)


async def dossier_page(  # noqa: PLR0917
    request: Request,
    work: IntakeBatcher,
    code: str,
    actor: Actor,
    refused: Refused | None = None,
    typed: CounterRefusal | None = None,
    *,
    recorded: bool = False,
    recording: Mapping[str, Any] | None = None,
) -> Response:
    """A dossier with all that is needed to decide, or to record what happens here after acceptance."""
    door, catalogue = work.door, work.door.catalogue.current
    shown = await show_by_code(door, code)
    barred = decision_refusal(actor, catalogue, shown.dossier.receiving_office, shown.now.date())
    if barred is not None:
        raise barred
    dossier = shown.dossier
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    planned = (
        preview_acceptance(dossier, catalogue, shown.now) if dossier.state is State.SUBMITTED else dossier
    )
    person = await decrypt_applicant(door, dossier)
    may_record = RECORDED.get(counter_acts(shown.standing))
    return render(
        request,
        "counter_dossier.html",
        status=200 if refused is None else 422,
        view=counter_view(shown, person, may_record, catalogue),
        shown=shown,
        dossier=dossier,
        person=person,
        procedure=procedure,
        papers=checklist_rows(dossier, procedure, catalogue, shown.now.date()),
        planned=planned if isinstance(planned, Dossier) else dossier,
        refused=refused,
        typed=typed or CounterRefusal("", "", ""),
        may_record=may_record,
        recorded=recorded,
        recording=recording or {},
        key=uuid4(),
    )
