"""Extension of the due date (form 04)."""

from dataclasses import dataclass

from pydantic import Field

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, Long, ReasonBody, Short
from services.routing.inbound.pages.typed import parse_number, parse_reason
from shared.actor import Actor
from shared.events.agency_replies import Line


class ExtensionBody(ReasonBody):
    """An extension (form 04). `days`: working days. `approved_by`: the name of the office's head."""

    days: int | None = Field(default=None, ge=0, le=1000, examples=[2])
    approved_by: Line | None = None


@dataclass(frozen=True, slots=True)
class ExtensionPost:
    """The fields of the desk form."""

    days: Short = ""
    extension_reason: Long = ""


def _from_body(body: ExtensionBody) -> Content:
    """Extend the due date (form 04) once, as the head of the office, at least one working day before it.

    An agency's own system names the head in `approved_by`. The procedure may limit the days.
    """
    return Content(body.reason, RequestDetails(days=body.days, approved_by=body.approved_by))


def _from_post(post: ExtensionPost, _actor: Actor) -> Content:
    return Content(
        parse_reason("extension_reason", post.extension_reason),
        RequestDetails(days=parse_number("days", post.days)),
    )


EXTENSION = ActForm(
    request=OfficeRequest.EXTENSION,
    body=ExtensionBody,
    from_body=_from_body,
    post=ExtensionPost,
    from_post=_from_post,
    field_of={"reason_missing": "extension_reason"},
)
