"""What calls for a message, and what an attempt makes of one."""

import pytest

from services.notification.domain import message as rules
from services.notification.domain.message import (
    Accepted,
    Call,
    Declined,
    Later,
    State,
    Unsure,
    after,
    call_for,
    channels,
    receipt,
    wait_after,
)
from services.notification.domain.words import masked
from shared.events import case, dossier
from shared.events.contacts import Contact

PHONE, EMAIL = "+84900000001", "vidu001@example.vn"


@pytest.mark.parametrize(
    ("type", "because", "dated", "expected"),
    [
        (case.OPENED, dossier.SUBMITTED, True, Call(dossier.SUBMITTED, "7", rules.SUBMITTED)),
        (case.UPDATED, dossier.ACCEPTED, True, Call(dossier.ACCEPTED, "7", rules.ACCEPTED)),
        (case.UPDATED, dossier.ACCEPTED, False, Call(dossier.ACCEPTED, "7", rules.ACCEPTED_UNDATED)),
        (case.UPDATED, dossier.REFUSED, True, Call(dossier.REFUSED, "7", rules.REFUSED)),
        (case.COMPLETED, "task.completed.v1", True, Call(case.COMPLETED, "7", rules.COMPLETED)),
        (case.MOVED, "calendar.version_published.v1", True, Call(case.MOVED, "7", rules.DATE_MOVED)),
        (case.UPDATED, "calendar.version_published.v1", True, None),
        (case.UPDATED, "task.started.v1", True, None),
        (case.ROUTED, "task.completed.v1", True, None),
    ],
)
def test_five_changes_are_told_and_the_rest_is_for_the_page(
    type: str, because: str, dated: bool, expected: Call | None
) -> None:
    assert call_for(type, because, "7", dated=dated) == expected


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (Contact(PHONE, EMAIL), ("sms", "email")),
        (Contact(PHONE, None), ("sms",)),
        (Contact(None, EMAIL), ("email",)),
        (Contact(PHONE, EMAIL, text="voice"), ("email",)),
        (Contact(PHONE, None, text="voice"), ()),
        (Contact(None, None), ()),
    ],
)
def test_everyone_is_told_every_way_they_left(contact: Contact, expected: tuple[str, ...]) -> None:
    assert channels(contact) == expected


def test_a_taken_message_is_sent_and_a_declined_one_failed() -> None:
    assert after(Accepted("m1"), 0).carrier_ref == "m1"
    assert after(Accepted("m1"), 0).state is State.SENT
    assert after(Declined("smtp_550"), 0).state is State.FAILED


def test_silence_after_sending_is_ambiguous_and_never_planned_again() -> None:
    assert after(Unsure("sms_no_answer"), 0).state is State.AMBIGUOUS


def test_not_now_waits_longer_each_time_and_fails_in_the_end() -> None:
    waits = [after(Later("smtp_452"), n) for n in range(rules.MAX_REFUSALS - 1)]
    assert [each.state for each in waits] == [State.PLANNED] * (rules.MAX_REFUSALS - 1)
    assert [each.wait_seconds for each in waits] == sorted(each.wait_seconds for each in waits)
    assert after(Later("smtp_452"), rules.MAX_REFUSALS - 1).state is State.FAILED


def test_a_carrier_that_is_away_uses_up_no_patience() -> None:
    assert after(Later("away", refused=False), 3).refusals == 3
    assert wait_after(100) == 300.0


def test_only_final_receipts_change_a_message() -> None:
    assert receipt("DELIVRD") == (State.DELIVERED, None)
    assert receipt("UNDELIV") == (State.FAILED, "receipt_undeliverable")
    assert receipt("ENROUTE") is None
    assert receipt("ACCEPTD") is None


def test_an_operator_recognises_a_number_and_cannot_use_it() -> None:
    assert masked(PHONE) == "+84 … 001"
    assert masked(EMAIL) == "v…@example.vn"
    assert masked("123") == "…"
