"""Signature of an apology with its new date (form 04)."""

from dataclasses import dataclass
from datetime import date

from pydantic import Field

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, OfficeBody, Section, Short
from services.routing.inbound.pages.typed import parse_day
from shared.actor import Actor
from shared.events.agency_replies import Line


class SignatureBody(OfficeBody):
    """Signature of an apology. `new_day`: the new date, if it differs from the draft's.

    `signed_by`: the name of the office's head.
    """

    new_day: date | None = Field(default=None, examples=["2026-03-12"])
    signed_by: Line | None = None


@dataclass(frozen=True, slots=True)
class SignaturePost:
    """The field of the desk form."""

    new_day: Short = ""


def _from_body(body: SignatureBody) -> Content:
    """Sign the apology for a late dossier (form 04), as the head of the office.

    It promises one new date; the legal due date does not move. Signing again with the same date changes
    nothing. An agency's own system names the head in `signed_by`.
    """
    return Content(details=RequestDetails(approved_by=body.signed_by, new_day=body.new_day))


def _from_post(post: SignaturePost, _actor: Actor) -> Content:
    return Content(details=RequestDetails(new_day=parse_day("new_day", post.new_day)))


SIGNATURE = ActForm(
    request=OfficeRequest.SIGNATURE,
    body=SignatureBody,
    from_body=_from_body,
    post=SignaturePost,
    from_post=_from_post,
    field_of={"new_date_not_ahead": "new_day"},
    section=Section.TASK,
)
