"""API routes of the acts, one for each form. All are idempotent."""

from inspect import getdoc
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.routing.inbound.acts.act_form import ActForm, name_the_head
from services.routing.inbound.acts.registry import FORMS
from services.routing.inbound.api.answers import TaskAnswer, act_answer
from services.routing.inbound.api.tasks import REQUEST_ANSWERS
from services.routing.usecases.act_batcher import OfficeActBatcher


def act_routes(work: OfficeActBatcher) -> APIRouter:
    """Routes of all acts other than start, complete and decline."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])
    for form in FORMS:
        _add_route(router, form, work)
    return router


def _add_route(router: APIRouter, form: ActForm[Any, Any], work: OfficeActBatcher) -> None:
    async def act_on_task(request: Request, task_id: UUID, body: Any, actor: Any) -> TaskAnswer:
        act = name_the_head(form.act_of_body(task_id, body, actor), request)
        return act_answer(await work.acts.submit(act))

    # FastAPI reads a route's body and caller from the function's annotations.
    act_on_task.__annotations__ |= {"body": form.body, "actor": form.caller}
    router.add_api_route(
        f"/{{task_id}}/{form.name}",
        act_on_task,
        methods=["POST"],
        name=form.name.replace("-", "_"),
        description=getdoc(form.from_body),
        responses=REQUEST_ANSWERS,
    )
