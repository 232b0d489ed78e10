"""Recall of a result before it is handed over."""

from dataclasses import dataclass

from services.routing.domain.case.task import OfficeRequest
from services.routing.inbound.acts.act_form import ActForm, Content, Long, ReasonBody
from services.routing.inbound.pages.typed import parse_reason
from shared.actor import Actor


@dataclass(frozen=True, slots=True)
class RecallPost:
    """The field of the desk form."""

    recall_reason: Long = ""


def _from_body(body: ReasonBody) -> Content:
    """Recall a defective result before it is handed over. The step is queued again. A reason is required."""
    return Content(body.reason)


def _from_post(post: RecallPost, _actor: Actor) -> Content:
    return Content(parse_reason("recall_reason", post.recall_reason))


RECALL = ActForm(
    request=OfficeRequest.RECALL,
    body=ReasonBody,
    from_body=_from_body,
    post=RecallPost,
    from_post=_from_post,
    field_of={"reason_missing": "recall_reason"},
)
