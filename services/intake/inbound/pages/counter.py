"""Pages of the counter: the queue, and a dossier with the forms to accept or refuse it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.acts.requests import RecordHandOver, RecordPayment, RecordSupplement, counter_acts
from services.intake.domain.dossier.dossier import Dossier
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
from shared.states import State
from shared.typed_input import field_types
from shared.typed_input.dossier_code import normalize_code
from shared.web.auth.identity import require_actor
from shared.web.pages.rendering import render

Counter = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"counter"}))]
Shown = Annotated[str, Query(max_length=80)]
FormText = Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL), field_types.paragraphs(2000)]
RECORD_FORMS: Mapping[type | None, str] = {
    RecordSupplement: "supplement",
    RecordPayment: "payment",
    RecordHandOver: "return",
}


def counter_pages(batcher: IntakeBatcher) -> APIRouter:
    """/counter and /counter/{code}."""
    router = APIRouter(prefix="/counter", include_in_schema=False)
    context = batcher.context

    @router.get("")
    async def show_queue(
        request: Request, actor: Counter, page: Annotated[int, Query(ge=1, le=100_000)] = 1, done: Shown = ""
    ) -> Response:
        offices = await visible_offices(context, actor, None)
        queue = await list_waiting(context, offices, page)
        if page > queue.page_count:  # an empty page would say that nothing waits
            queue = await list_waiting(context, offices, queue.page_count)
        return render(
            request,
            "counter.html",
            queue=queue,
            rows=counter_rows(queue, context.catalogue.current),
            office=context.catalogue.current.office(actor.office or ""),
            done=normalize_code(done),
        )

    @router.get("/{code}")
    async def show_dossier(request: Request, code: str, actor: Counter, recorded: bool = False) -> Response:
        code = normalize_code(code)
        return await dossier_page(request, batcher, code=code, actor=actor, recorded=recorded)

    @router.get("/{code}/{act:path}")
    async def redirect_to_dossier(request: Request, code: str, act: str, actor: Counter) -> Response:
        """GET on the address of a form: the language switch and the login come back to it."""
        return RedirectResponse(f"/counter/{quote(normalize_code(code))}?{request.url.query}", 303)

    @router.post("/{code}/accept")
    async def accept(request: Request, code: str, actor: Counter) -> Response:
        decision = Decision(normalize_code(code), actor, traceparent=request_traceparent(request))
        return await _decide(request, batcher, decision)

    @router.post("/{code}/refuse")
    async def refuse(  # noqa: PLR0917  (a form's fields)
        request: Request,
        code: str,
        actor: Counter,
        reason_code: FormText = "",
        text: FormText = "",
        rule: FormText = "",
    ) -> Response:
        refusal = CounterRefusal(reason_code, text.strip(), rule.strip())
        decision = Decision(normalize_code(code), actor, refusal, request_traceparent(request))
        return await _decide(request, batcher, decision)

    return router


async def _decide(request: Request, batcher: IntakeBatcher, decision: Decision) -> Response:
    try:
        dossier = await batcher.decisions.submit(decision)
    except Refused as refused:
        if refused.kind not in (RefusalKind.INVALID, RefusalKind.CONFLICT):
            raise
        return await dossier_page(
            request,
            batcher,
            code=decision.code,
            actor=decision.actor,
            refused=refused,
            typed=decision.refusal,
        )
    return RedirectResponse(f"/counter?done={dossier.code}", 303)


async def dossier_page(
    request: Request,
    batcher: IntakeBatcher,
    *,
    code: str,
    actor: Actor,
    refused: Refused | None = None,
    typed: CounterRefusal | None = None,
    recorded: bool = False,
    recording: Mapping[str, Any] | None = None,
) -> Response:
    """The page of a dossier at the counter.

    `refused`: the refusal of a sent form, with `typed` or `recording` to fill the form in again.
    Raises Refused if the actor may not decide for its receiving office.
    """
    context = batcher.context
    catalogue = context.catalogue.current
    tracked = await show_by_code(context, code)
    refusal = decision_refusal(actor, catalogue, tracked.dossier.receiving_office, tracked.now.date())
    if refusal is not None:
        raise refusal
    dossier = tracked.dossier
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    planned = dossier
    if dossier.state is State.SUBMITTED:
        preview = preview_acceptance(dossier, catalogue, tracked.now)
        if isinstance(preview, Dossier):
            planned = preview
    person = await decrypt_applicant(context, dossier)
    may_record = RECORD_FORMS.get(counter_acts(tracked.standing))
    return render(
        request,
        "counter_dossier.html",
        status=200 if refused is None else 422,
        view=counter_view(tracked, person, may_record, catalogue),
        shown=tracked,
        dossier=dossier,
        person=person,
        procedure=procedure,
        papers=checklist_rows(dossier, procedure, catalogue, tracked.now.date()),
        planned=planned,
        refused=refused,
        typed=typed or CounterRefusal("", "", ""),
        may_record=may_record,
        recorded=recorded,
        recording=recording or {},
        key=uuid4(),
    )
