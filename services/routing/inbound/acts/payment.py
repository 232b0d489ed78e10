"""Requests and waivers of fees."""

from dataclasses import dataclass

from pydantic import AliasChoices, AwareDatetime, Field

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import ActForm, Content, OfficeBody, Short, Words
from services.routing.inbound.api.callers import Officer
from services.routing.inbound.pages.typed import parse_amount, parse_end_of_day
from shared.actor import Actor
from shared.events.agency_replies import Line


class PaymentRequestBody(OfficeBody):
    """A fee to request. `amount`: in đồng. `pay_by`: until when, also accepted as `answer_by`."""

    amount: int | None = Field(default=None, ge=0, le=10**12, examples=[1_500_000])
    pay_by: AwareDatetime | None = Field(default=None, validation_alias=AliasChoices("pay_by", "answer_by"))
    reason: Words | None = None


class WaiverBody(OfficeBody):
    """A waiver. `rule`: the legal rule by which no fee is due."""

    rule: Line | None = Field(default=None, examples=["NQ 77/2025"])


@dataclass(frozen=True, slots=True)
class PaymentPost:
    """The fields of the desk form."""

    amount: Short = ""
    pay_by: Short = ""


@dataclass(frozen=True, slots=True)
class WaiverPost:
    """The field of the desk form."""

    rule: Short = ""


def _from_body(body: PaymentRequestBody) -> Content:
    """Request a fee from the citizen. The clock pauses until it is paid or waived."""
    return Content(body.reason, RequestDetails(amount=body.amount, answer_by=body.pay_by))


def _from_post(post: PaymentPost, _actor: Actor) -> Content:
    pay_by = parse_end_of_day("pay_by", post.pay_by)
    return Content(details=RequestDetails(amount=parse_amount(post.amount), answer_by=pay_by))


def _waived_by_body(body: WaiverBody) -> Content:
    """Waive the requested fee by a rule. The work goes on."""
    return Content(details=RequestDetails(rule=body.rule))


def _waived_by_post(post: WaiverPost, _actor: Actor) -> Content:
    return Content(details=RequestDetails(rule=post.rule.strip() or None))


PAYMENT = ActForm(
    request=OfficeRequest.PAYMENT,
    body=PaymentRequestBody,
    from_body=_from_body,
    post=PaymentPost,
    from_post=_from_post,
    field_of={"amount_missing": "amount", "bad_answer_by": "pay_by"},
)
WAIVER = ActForm(
    request=OfficeRequest.WAIVER,
    body=WaiverBody,
    from_body=_waived_by_body,
    post=WaiverPost,
    from_post=_waived_by_post,
    caller=Officer,
    field_of={"rule_missing": "rule"},
)
