"""HTTP API to open a question, a visit, a problem, a letter or a follow-up."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import AfterValidator, BaseModel, Field

from services.routing.domain.acts.case_kinds import CaseRequest
from services.routing.inbound.api.answers import TaskAnswer, task_answer, task_dossier
from services.routing.usecases.act_batcher import OfficeActBatcher
from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.typed_input.dossier_code import normalize_code
from shared.web.answers.answer import Answer
from shared.web.auth.identity import require_actor
from shared.web.protection.load_shedding import ANSWERS

Opener = Annotated[Actor, Depends(require_actor(kinds={"officer"}))]
Kind = Literal["question", "visit", "problem", "letter", "follow_up"]


class NewCaseBody(BaseModel):
    """A case that is no dossier. `ward`: the code of a ward in force. `about`: the code of a dossier.

    `ref`: a reference to its text in another system, never the text.
    """

    kind: Kind
    ward: str = Field(min_length=1, max_length=20, pattern=WITHOUT_NUL, examples=["00070"])
    about: Annotated[str, AfterValidator(normalize_code)] = Field(
        default="", max_length=80, pattern=WITHOUT_NUL
    )
    ref: str = Field(default="", max_length=80, pattern=WITHOUT_NUL)


class OpenedCaseAnswer(Answer):
    """The opened case and the task of its owner."""

    code: str
    case_id: UUID
    kind: str
    state: str
    task: TaskAnswer


def case_kind_routes(batcher: OfficeActBatcher) -> APIRouter:
    """Routes for officers. The owner of the case answers its task at the desk."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.post("", status_code=201, responses=ANSWERS)
    async def open_one(
        body: NewCaseBody, actor: Opener, idempotency_key: Annotated[UUID, Header()]
    ) -> OpenedCaseAnswer:
        """Open a case and queue its owner's task with a due date. The same Idempotency-Key is a retry."""
        opening = CaseRequest(
            idempotency_key, body.kind, ward=body.ward, actor=actor, about=body.about, ref=body.ref
        )
        case = await batcher.openings.submit(opening)
        (task,) = case.current_tasks
        answer = task_answer(task, task_dossier(case))
        return OpenedCaseAnswer(
            code=case.code, case_id=case.root, kind=case.kind, state=case.state.value, task=answer
        )

    return router
