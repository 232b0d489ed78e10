"""What a form of an act is: the body of its API route, the fields of its desk form, what both ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel, Field

from services.routing.domain.case.task import NO_DETAILS, OfficeRequest, RequestDetails
from services.routing.inbound.acts.examples import STOP_REASON
from services.routing.inbound.api.callers import AnyKey
from services.routing.usecases.act_on_tasks import DeskAct
from shared.actor import Actor
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL

Words = Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)]
Short = Annotated[str, Form(max_length=200, pattern=WITHOUT_NUL)]
Long = Annotated[str, Form(max_length=10_000, pattern=WITHOUT_NUL)]


class OfficeBody(BaseModel):
    """Whose word it is."""

    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL, examples=["LRO.019"])


class ReasonBody(OfficeBody):
    """A stop (form 05) or a recall, and why."""

    reason: Words | None = Field(default=None, examples=[STOP_REASON])


@dataclass(frozen=True, slots=True)
class EmptyPost:
    """A desk form without fields."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an act says beside its name: the reason, and what it asks for."""

    reason: str | None = None
    details: RequestDetails = NO_DETAILS


class Section(StrEnum):
    """Where on the page of a task a form stands: with the task, or with what is needed beside it."""

    TASK = "task"
    NEED = "need"


Body = TypeVar("Body", bound=OfficeBody)
Post = TypeVar("Post")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm(Generic[Body, Post]):
    """An act as a machine and a person ask for it.

    The docstring of `from_body` describes the route of the API.
    `caller`: the FastAPI dependency that says who may. `field_of`: at which field of the desk form a refusal
    is shown; the first one where none is named. `path`: where the desk form is posted to, if not to
    `ask/<name>`. `template`: of the desk form, if it is not `acts/<name>.html`.
    """

    request: OfficeRequest
    body: type[Body]
    from_body: Callable[[Body], Content]
    post: type[Post]
    from_post: Callable[[Post, Actor], Content]
    caller: Any = AnyKey
    field_of: Mapping[str, str] = field(default_factory=dict[str, str])
    section: Section = Section.NEED
    path: str = ""
    template: str = ""

    @property
    def name(self) -> str:
        """As in addresses, and the name of its template."""
        return self.request.value

    @property
    def desk_path(self) -> str:
        """Where the desk form is posted to, below the address of the task."""
        return self.path or f"ask/{self.name}"

    @property
    def template_path(self) -> str:
        """The template of the desk form."""
        return f"acts/{self.template or self.name}.html"

    def act_of_body(self, task_id: UUID, body: Body, actor: Actor) -> DeskAct:
        """The request of the API as an act."""
        return self._act(task_id, body.office, actor, self.from_body(body))

    def act_of_post(self, task_id: UUID, post: Post, actor: Actor) -> DeskAct:
        """The form as the act that the API takes too. Raises Refused where a field cannot be read."""
        return self._act(task_id, actor.office or "", actor, self.from_post(post, actor))

    def errors_of(self, refused: Refused) -> tuple[FieldError, ...]:
        """The refusal, at the field that mends it."""
        first = next(iter(self.field_of.values()), self.name)
        place = self.field_of.get(refused.code, first)
        return refused.errors or (FieldError(place, refused.code, refused.vi, refused.en),)

    def _act(self, task_id: UUID, office: str, actor: Actor, content: Content) -> DeskAct:
        return DeskAct(task_id, self.request, office, actor, reason=content.reason, details=content.details)
