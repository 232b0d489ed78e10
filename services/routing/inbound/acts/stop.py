"""Stops of a dossier (form 05), and their confirmation by a second officer."""

from dataclasses import dataclass

from services.routing.domain.case.task import OfficeRequest
from services.routing.inbound.acts.act_form import (
    ActForm,
    Content,
    EmptyPost,
    Long,
    OfficeBody,
    ReasonBody,
)
from services.routing.inbound.api.callers import Officer
from services.routing.inbound.pages.typed import parse_reason
from shared.actor import Actor


@dataclass(frozen=True, slots=True)
class StopPost:
    """The field of the desk form."""

    stop_reason: Long = ""


def _from_body(body: ReasonBody) -> Content:
    """Stop the dossier (form 05). A second officer must confirm it, unless the citizen withdrew it."""
    return Content(body.reason)


def _from_post(post: StopPost, _actor: Actor) -> Content:
    return Content(parse_reason("stop_reason", post.stop_reason))


def _confirmation(_body: OfficeBody) -> Content:
    """Confirm a stop that another officer of the office requested."""
    return Content()


def _confirmation_at_desk(_post: EmptyPost, _actor: Actor) -> Content:
    return Content()


STOP = ActForm(
    request=OfficeRequest.STOP,
    body=ReasonBody,
    from_body=_from_body,
    post=StopPost,
    from_post=_from_post,
    field_of={"reason_missing": "stop_reason"},
)
CONFIRMED_STOP = ActForm(
    request=OfficeRequest.CONFIRMED_STOP,
    body=OfficeBody,
    from_body=_confirmation,
    post=EmptyPost,
    from_post=_confirmation_at_desk,
    caller=Officer,
)
