"""The counter and the operator, for machines: lists, decisions, and dossiers without a name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain.dossier.code import normalize_code
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
from shared.web.auth.identity import require_actor

Counter = Annotated[Actor, Depends(require_actor(kinds={"officer", "investor", "party"}, roles={"counter"}))]
Reader = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"counter", "operator"}))]

EXAMPLE_TEXT, EXAMPLE_RULE = text("examples.refusal").vi, text("examples.rule").vi


class CounterRefusalBody(BaseModel):
    """Form 03. `text` is for the citizen, in the officer's own words."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason_code: str = Field(max_length=60, examples=["papers_incomplete"])
    text: str = Field(default="", max_length=2000, pattern=r"^[^\x00]*$", examples=[EXAMPLE_TEXT])
    rule: str = Field(default="", max_length=300, pattern=r"^[^\x00]*$", examples=[EXAMPLE_RULE])


def counter_routes(batcher: IntakeBatcher) -> APIRouter:
    """Accept, refuse, and what waits."""
    router = APIRouter(prefix="/v1", tags=["counter"])

    @router.post(
        "/dossiers/{code}/accept",
        responses=examples.documented_queued_responses(200, examples.DECIDED, 401, 403, 404, 409),
    )
    async def accept(request: Request, code: str, actor: Counter) -> DecisionAnswer:
        """Accept it (form 01): the first promise is computed and told. Twice is once."""
        decision = Decision(normalize_code(code), actor, traceparent=request_traceparent(request))
        return decision_answer(await batcher.decisions.submit(decision))

    @router.post(
        "/dossiers/{code}/refuse",
        responses=examples.documented_queued_responses(200, examples.DECIDED, 401, 403, 404, 409, 422),
    )
    async def refuse(request: Request, code: str, body: CounterRefusalBody, actor: Counter) -> DecisionAnswer:
        """Do not accept it (form 03), with a reason of the catalogue."""
        refusal = CounterRefusal(body.reason_code, body.text, body.rule)
        decision = Decision(normalize_code(code), actor, refusal, request_traceparent(request))
        return decision_answer(await batcher.decisions.submit(decision))

    @router.get("/counter")
    async def waiting(
        actor: Counter,
        office: Annotated[str | None, Query(max_length=80)] = None,
        state: Annotated[str, Query(pattern="^submitted$")] = "submitted",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[WaitingAnswer]:
        """What waits at the counter, those waiting longest first. A shorter page than `limit` is the last."""
        queue = await list_waiting(
            batcher.context, await visible_offices(batcher.context, actor, office), page, limit
        )
        return [waiting_answer(dossier, queue.now.date()) for dossier in queue.dossiers]

    @router.get("/dossiers/{code}")
    async def show(code: str, actor: Reader) -> DossierAnswer:
        """A dossier as it stands, without a word about whom it concerns."""
        return dossier_answer(await show_by_code(batcher.context, normalize_code(code)))

    return router
