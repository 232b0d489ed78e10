"""Appointments: the proposal of a time, and the record of arrival or absence."""

from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, EmptyPost, OfficeBody, Section, Short
from services.routing.inbound.pages.typed import parse_day_time
from shared.actor import Actor


class AppointmentBody(OfficeBody):
    """The proposed time of an appointment, with a UTC offset."""

    meet_at: AwareDatetime | None = Field(default=None, examples=["2026-03-12T09:00:00+07:00"])


@dataclass(frozen=True, slots=True)
class AppointmentPost:
    """The field of the desk form: local time as browsers send it, for example 2026-03-12T09:00."""

    meet_at: Short = ""


def _from_body(body: AppointmentBody) -> Content:
    """Propose a time to the citizen, who is notified. A later proposal replaces it, with another notice."""
    return Content(details=RequestDetails(meet_at=body.meet_at))


def _from_post(post: AppointmentPost, _actor: Actor) -> Content:
    return Content(details=RequestDetails(meet_at=parse_day_time("meet_at", post.meet_at)))


def _arrival(_body: OfficeBody) -> Content:
    """Record that the citizen came. The step may then be completed."""
    return Content()


def _absence(_body: OfficeBody) -> Content:
    """Record that the citizen did not come. The dossier goes on, and the office may propose a new time."""
    return Content()


def _without_details(_post: EmptyPost, _actor: Actor) -> Content:
    return Content()


APPOINTMENT = ActForm(
    request=OfficeRequest.APPOINTMENT,
    body=AppointmentBody,
    from_body=_from_body,
    post=AppointmentPost,
    from_post=_from_post,
    field_of={"appointment_not_ahead": "meet_at"},
    section=Section.TASK,
    template="appointment",
)
ARRIVAL = ActForm(
    request=OfficeRequest.ARRIVAL,
    body=OfficeBody,
    from_body=_arrival,
    post=EmptyPost,
    from_post=_without_details,
    section=Section.TASK,
    template="appointment",
)
ABSENCE = ActForm(
    request=OfficeRequest.ABSENCE,
    body=OfficeBody,
    from_body=_absence,
    post=EmptyPost,
    from_post=_without_details,
    section=Section.TASK,
    template="appointment",
)
