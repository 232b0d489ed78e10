"""HTTP API of counters and operators: queue, decisions, and dossiers without personal data."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.inbound.api import examples
from services.intake.inbound.api.answers import (
    DecisionAnswer,
    DossierAnswer,
    WaitingAnswer,
    decision_answer,
    dossier_answer,
    waiting_answer,
)
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.request_reading import request_traceparent
from services.intake.usecases.decide_dossiers import Decision
from services.intake.usecases.list_waiting import list_waiting, visible_offices
from services.intake.usecases.show_case import show_by_code
from services.intake.words import text
from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.typed_input import field_types
from shared.typed_input.dossier_code import normalize_code
from shared.web.auth.identity import require_actor

Counter = Annotated[Actor, Depends(require_actor(kinds={"officer", "investor", "party"}, roles={"counter"}))]
Watcher = Annotated[
    Actor, Depends(require_actor(kinds={"officer", "investor", "party"}, roles={"counter", "operator"}))
]
Reader = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"counter", "operator"}))]

EXAMPLE_TEXT, EXAMPLE_RULE = text("examples.refusal").vi, text("examples.rule").vi


class CounterRefusalBody(BaseModel):
    """A refusal (form 03). `text`: the officer's own explanation for the citizen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason_code: str = Field(max_length=60, examples=["papers_incomplete"])
    text: Annotated[str, field_types.paragraphs(2000)] = Field(
        default="", max_length=2000, pattern=WITHOUT_NUL, examples=[EXAMPLE_TEXT]
    )
    rule: Annotated[str, field_types.line(300)] = Field(
        default="", max_length=300, pattern=WITHOUT_NUL, examples=[EXAMPLE_RULE]
    )


def counter_routes(batcher: IntakeBatcher) -> APIRouter:
    """Accept, refuse, the queue, and one dossier."""
    router = APIRouter(prefix="/v1", tags=["counter"])

    @router.post(
        "/dossiers/{code}/accept",
        responses=examples.documented_queued_responses(200, examples.DECIDED, 401, 403, 404, 409),
    )
    async def accept(request: Request, code: str, actor: Counter) -> DecisionAnswer:
        """Accept the dossier (form 01) with its promised date. Accepting it again changes nothing."""
        decision = Decision(normalize_code(code), actor, traceparent=request_traceparent(request))
        return decision_answer(await batcher.decisions.submit(decision))

    @router.post(
        "/dossiers/{code}/refuse",
        responses=examples.documented_queued_responses(200, examples.DECIDED, 401, 403, 404, 409, 422),
    )
    async def refuse(request: Request, code: str, body: CounterRefusalBody, actor: Counter) -> DecisionAnswer:
        """Refuse the dossier (form 03) with a reason of the catalogue."""
        refusal = CounterRefusal(body.reason_code, body.text, body.rule)
        decision = Decision(normalize_code(code), actor, refusal, request_traceparent(request))
        return decision_answer(await batcher.decisions.submit(decision))

    @router.get("/counter")
    async def waiting(
        actor: Watcher,
        office: Annotated[str | None, Query(max_length=80)] = None,
        state: Annotated[str, Query(pattern="^submitted$")] = "submitted",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[WaitingAnswer]:
        """The counter's queue, longest waiting first. A page shorter than `limit` is the last.

        An officer sees the queue of the own office, a party those it serves, an operator all.
        """
        offices = await visible_offices(batcher.context, actor, office)
        queue = await list_waiting(batcher.context, offices, page=page, limit=limit)
        return [waiting_answer(dossier, queue.now.date()) for dossier in queue.dossiers]

    @router.get("/dossiers/{code}")
    async def show(code: str, actor: Reader) -> DossierAnswer:
        """A dossier with its status, without personal data."""
        return dossier_answer(await show_by_code(batcher.context, normalize_code(code)))

    return router
