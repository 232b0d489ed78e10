"""Forms of acts: the body of the API route, the fields of the desk form, and the act that both request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Form, Request
from pydantic import BaseModel, Field

from services.routing.domain.case.task import HEAD, NO_DETAILS, OfficeRequest, RequestDetails
from services.routing.inbound.api.callers import AnyKey
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.words import text
from shared.actor import Actor
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL
from shared.typed_input import field_types

Words = Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL), field_types.paragraphs(2000)]
Short = Annotated[str, Form(max_length=200, pattern=WITHOUT_NUL), field_types.line(200)]
Long = Annotated[str, Form(max_length=10_000, pattern=WITHOUT_NUL), field_types.paragraphs(10_000)]
ONLY_THE_HEAD = frozenset({OfficeRequest.SIGNATURE, OfficeRequest.EXTENSION})


def name_the_head(act: DeskAct, request: Request) -> DeskAct:
    """The act of a head who is logged in, with their name; it says who signed or approved it.

    Only what the head alone may do is always theirs; for other acts they may name somebody else.
    """
    name, typed = getattr(request.state, "officer_name", ""), act.details.approved_by
    is_named = typed not in {None, act.actor.id} and act.act not in ONLY_THE_HEAD
    if act.actor.role != HEAD or not name or is_named:
        return act
    return replace(act, details=replace(act.details, approved_by=name))


class OfficeBody(BaseModel):
    """The office that acts."""

    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL, examples=["LRO.019"])


class ReasonBody(OfficeBody):
    """An act with its reason."""

    reason: Words | None = Field(default=None, examples=[text("examples.stop_reason").vi])


@dataclass(frozen=True, slots=True)
class EmptyPost:
    """A desk form without fields."""


@dataclass(frozen=True, slots=True)
class Content:
    """The reason and the parameters of an act."""

    reason: str | None = None
    details: RequestDetails = NO_DETAILS


class Section(StrEnum):
    """The section of the task page that shows a form: TASK: acts on the task itself; NEED: other requests."""

    TASK = "task"
    NEED = "need"


Body = TypeVar("Body", bound=OfficeBody)
Post = TypeVar("Post")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm(Generic[Body, Post]):
    """The forms of one act: the body of its API route, and its form on the desk.

    The docstring of `from_body` describes the route in OpenAPI. `caller`: the FastAPI dependency that
    authorizes the caller. `field_of`: by code of refusal, the field of the desk form that shows it; default:
    the first one. `path`: the target of the desk form, relative to the task; default: `ask/<name>`.
    `template`: the name of the desk form's template; default: the name of the act.
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
        """The name of the act in URLs."""
        return self.request.value

    @property
    def desk_path(self) -> str:
        """The target of the desk form, relative to the URL of the task."""
        return self.path or f"ask/{self.name}"

    @property
    def template_path(self) -> str:
        """The path of the desk form's template."""
        return f"acts/{self.template or self.name}.html"

    def act_of_body(self, task_id: UUID, body: Body, actor: Actor) -> DeskAct:
        """The act that the body of an API request describes."""
        return self._act(task_id, body.office, actor, self.from_body(body))

    def act_of_post(self, task_id: UUID, post: Post, actor: Actor) -> DeskAct:
        """The act that a desk form describes. Raises Refused if a field cannot be parsed."""
        return self._act(task_id, actor.office or "", actor, self.from_post(post, actor))

    def errors_of(self, refused: Refused) -> tuple[FieldError, ...]:
        """The errors of a refusal, each with its field of the desk form."""
        first = next(iter(self.field_of.values()), self.name)
        place = self.field_of.get(refused.code, first)
        return refused.errors or (FieldError(place, refused.code, refused.vi, refused.en),)

    def _act(self, task_id: UUID, office: str, actor: Actor, content: Content) -> DeskAct:
        return DeskAct(task_id, self.request, office, actor, reason=content.reason, details=content.details)
