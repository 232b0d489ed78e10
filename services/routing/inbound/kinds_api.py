"""Opening a question, a visit, a problem, a letter or a follow-up over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field

from services.routing.domain.kinds import Opening
from services.routing.inbound.answers import Answer, TaskAnswer, of_case, task_answer
from services.routing.usecases.office_work import OfficeWork
from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.web.admission import ANSWERS
from shared.web.identity import allow

Opener = Annotated[Actor, Depends(allow(kinds={"officer"}))]
Kind = Literal["question", "visit", "problem", "letter", "follow_up"]


class NewCase(BaseModel):
    """`ward`: one of today's 126. `about`: a dossier's code. `ref`: where its text lies, never the text."""

    kind: Kind
    ward: str = Field(min_length=1, max_length=20, pattern=WITHOUT_NUL, examples=["00070"])
    about: str = Field(default="", max_length=80, pattern=WITHOUT_NUL)
    ref: str = Field(default="", max_length=80, pattern=WITHOUT_NUL)


class OpenedCase(Answer):
    """The case and its owner's task."""

    code: str
    case_id: UUID
    kind: str
    state: str
    task: TaskAnswer


def kind_routes(work: OfficeWork) -> APIRouter:
    """For officers; the owner answers at the desk like any task."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])

    @router.post("", status_code=201, responses=ANSWERS)
    async def open_one(
        said: NewCase, actor: Opener, idempotency_key: Annotated[UUID, Header()]
    ) -> OpenedCase:
        """Opens it and hands its task to the owner, with a due time. The same Idempotency-Key is a retry."""
        opening = Opening(idempotency_key, said.kind, said.ward, actor, said.about, said.ref)
        case = await work.openings.submit(opening)
        (task,) = case.plan
        shown = task_answer(task, of_case(case))
        return OpenedCase(
            code=case.code, case_id=case.root, kind=case.kind, state=case.state.value, task=shown
        )

    return router
