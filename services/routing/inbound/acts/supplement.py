"""Requests for papers (form 02)."""

from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from services.routing.domain.case.task import HEAD, OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, Long, OfficeBody, Short
from services.routing.inbound.pages.typed import parse_end_of_day, parse_lines
from services.routing.words import text
from shared.actor import Actor
from shared.events.agency_replies import Line


class OfficeSupplementBody(OfficeBody):
    """A request for papers (form 02). `items`: all missing papers and defects. `answer_by`: until when.

    `basis` and `approved_by` (legal basis, and who approved it) are required from the second request on.
    """

    items: tuple[Line, ...] = Field(default=(), max_length=50, examples=[[text("examples.paper").vi]])
    answer_by: AwareDatetime | None = None
    basis: Line | None = None
    approved_by: Line | None = None


@dataclass(frozen=True, slots=True)
class SupplementPost:
    """The fields of the desk form."""

    items: Long = ""
    answer_by: Short = ""
    basis: Short = ""
    approved_by: Short = ""


def _from_body(body: OfficeSupplementBody) -> Content:
    """Request missing or defective papers from the citizen (form 02). The clock pauses until they arrive."""
    return Content(details=RequestDetails(body.items, body.answer_by, body.basis, body.approved_by))


def _from_post(post: SupplementPost, actor: Actor) -> Content:
    head = actor.id if actor.role == HEAD else None
    details = RequestDetails(
        items=parse_lines(post.items),
        answer_by=parse_end_of_day("answer_by", post.answer_by),
        basis=post.basis.strip() or None,
        approved_by=post.approved_by.strip() or head,
    )
    return Content(details=details)


SUPPLEMENT = ActForm(
    request=OfficeRequest.SUPPLEMENT,
    body=OfficeSupplementBody,
    from_body=_from_body,
    post=SupplementPost,
    from_post=_from_post,
    field_of={
        "items_missing": "items",
        "second_supplement_counts_as_late": "basis",
        "bad_answer_by": "answer_by",
    },
)
