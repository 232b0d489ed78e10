"""Until when a text helps: a date that has passed is promised to nobody."""

from datetime import timedelta

import pytest

from services.notification.domain import message
from services.notification.domain.expiry import NO_LONGER_USEFUL, expires_at, suppression_reason
from tests.builders.notification import AWAITED, DUE, FACTS, facts_of


def test_an_apology_is_of_use_until_the_new_date_it_gives() -> None:
    until = expires_at(message.OVERDUE, FACTS)
    assert until == DUE
    assert suppression_reason(until, None, DUE) is None
    assert suppression_reason(until, None, DUE + timedelta(seconds=1)) == NO_LONGER_USEFUL


@pytest.mark.parametrize("template", AWAITED)
def test_what_calls_for_an_answer_is_of_use_until_that_is_due(template: str) -> None:
    assert expires_at(template, facts_of(template)) == DUE


@pytest.mark.parametrize("template", [message.ACCEPTED, message.COMPLETED, message.STOPPED])
def test_what_stays_true_may_come_late(template: str) -> None:
    assert expires_at(template, FACTS) is None
