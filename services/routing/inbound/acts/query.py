"""Queries to other offices, and the closing of a query before all have answered."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from pydantic import Field

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, OfficeBody, ReasonBody, Section, Words
from services.routing.words import text
from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.events.agency_replies import Line
from shared.typed_input import field_types

Text = Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL), field_types.paragraphs(2000)]


class QueryBody(OfficeBody):
    """A question to other offices. `offices` empty: all that the step may ask."""

    offices: tuple[Line, ...] = Field(default=(), max_length=50, examples=[["LRO-ARCH.001"]])
    question: Words | None = Field(default=None, examples=[text("examples.question").vi])


@dataclass(frozen=True, slots=True)
class QueryPost:
    """The fields of the desk form: `other` holds codes of offices, separated by commas."""

    other: Text = ""
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class ClosedQueryPost:
    """The field of the desk form."""

    reason: Text = ""


def _from_body(body: QueryBody) -> Content:
    """Ask several offices at once. Each gets a task, and the dossier's clock runs on."""
    return Content(body.question, RequestDetails(offices=body.offices))


def _from_post(post: QueryPost, _actor: Actor) -> Content:
    offices = tuple(name.strip() for name in post.other.split(",") if name.strip())
    return Content(post.reason.strip() or None, RequestDetails(offices=offices))


def _closed_by_body(body: ReasonBody) -> Content:
    """Close the query and go on with the answers received. A reason is required.

    Offices that did not answer are recorded with it.
    """
    return Content(body.reason)


def _closed_by_post(post: ClosedQueryPost, _actor: Actor) -> Content:
    return Content(post.reason.strip() or None)


QUERY = ActForm(
    request=OfficeRequest.OFFICES,
    body=QueryBody,
    from_body=_from_body,
    post=QueryPost,
    from_post=_from_post,
    field_of={"question_missing": "reason"},
    section=Section.TASK,
    path="ask-offices",
)
CLOSED_QUERY = ActForm(
    request=OfficeRequest.CLOSED_QUERY,
    body=ReasonBody,
    from_body=_closed_by_body,
    post=ClosedQueryPost,
    from_post=_closed_by_post,
    field_of={"silence_needs_a_reason": "reason"},
    section=Section.TASK,
    path="close-query",
)
