"""What calls for a message, and what an attempt makes of one."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.notification.domain import message as rules
from services.notification.domain.channels.registry import delivery_channels
from services.notification.domain.expiry import awaited_action, awaited_actions
from services.notification.domain.message import (
    MessageState,
    MessageTrigger,
    SendAccepted,
    SendAmbiguous,
    SendDeclined,
    SendDeferred,
    final_receipt_state,
    retry_delay,
    status_after_attempt,
    status_after_receipt,
    trigger_for,
)
from services.notification.domain.rendered_message import mask_address
from shared.events import agency, case, dossier
from shared.events.contacts import Contact
from shared.events.steps import Appointment
from tests.builders.case_updates import extended, tax_payment
from tests.builders.notification import DUE, FRIDAY

PHONE, EMAIL = "+84900000001", "vidu001@example.vn"

ROOT = UUID(int=7)
TURN = "H26.X-260306-0001/citizen-pays"


def case_after(because: str, *, state: str = "in_process", dated: bool = True) -> case.CaseState:
    """A case as one change left it."""
    return case.CaseState(
        code="H26.X-260306-0001",
        subject_ref=ROOT,
        link_ref="7K2M9QXA",
        kind="statutory",
        state=state,
        because=because,
        because_id="7",
        receiving_office="HPOL",
        receiving_office_short="Công an TP Hà Nội",
        delivery="electronic",
        submitted_at=FRIDAY,
        promised_due_at=DUE if dated else None,
        steps=[],
    )


def warned(to: str, *, overtaken: bool = False) -> case.DeadlineFired:
    """A case while it waits for papers, one of whose clocks warns."""
    request = case.CitizenRequest(kind="supplement", office="HPOL", asked_at=FRIDAY, answer_by=DUE, nth=1)
    told = case.DeadlineState(
        scope="request",
        level="one_day",
        due_at=DUE,
        at=DUE,
        late_by=0,
        to=to,
        office="HPOL",
        office_short="CA TP",
        overtaken=overtaken,
    )
    state = case_after(case.WARNING, state="supplement_requested")
    return extended(state, case.DeadlineFired, request=request, deadline=told)


def test_a_citizen_is_reminded_of_their_own_time_and_never_of_an_offices() -> None:
    assert trigger_for(case.WARNING, warned("citizen")) == MessageTrigger(case.WARNING, "7", rules.REMINDER)
    assert trigger_for(case.WARNING, warned("holder")) is None
    assert trigger_for(case.WARNING, case_after(case.WARNING)) is None


def test_a_reminder_that_a_later_one_has_overtaken_is_not_sent() -> None:
    assert trigger_for(case.WARNING, warned("citizen", overtaken=True)) is None


@pytest.mark.parametrize(
    ("type", "state", "expected"),
    [
        (case.OPENED, case_after(dossier.SUBMITTED), (dossier.SUBMITTED, rules.SUBMITTED)),
        (case.UPDATED, case_after(dossier.ACCEPTED), (dossier.ACCEPTED, rules.ACCEPTED)),
        (case.UPDATED, case_after(dossier.ACCEPTED, dated=False), (dossier.ACCEPTED, rules.ACCEPTED_UNDATED)),
        (case.UPDATED, case_after(dossier.REFUSED, state="refused"), (dossier.REFUSED, rules.REFUSED)),
        (case.UPDATED, case_after(agency.SUPPLEMENT_ASKED), (dossier.SUPPLEMENT_REQUESTED, rules.SUPPLEMENT)),
        (case.UPDATED, case_after(agency.PAYMENT_ASKED), (case.PAYMENT_REQUESTED, rules.PAYMENT)),
        (case.UPDATED, case_after(case.PAYMENT_REQUESTED), (case.PAYMENT_REQUESTED, rules.PAYMENT)),
        (
            case.UPDATED,
            case_after(dossier.WITHDRAWAL_REQUESTED),
            (dossier.WITHDRAWAL_REQUESTED, rules.WITHDRAWAL),
        ),
        (case.DECLINED, case_after(dossier.WITHDRAWAL_REQUESTED), (case.DECLINED, rules.REQUEST_DECLINED)),
        (case.UPDATED, case_after(agency.STOP_ASKED, state="stopped"), (dossier.STOPPED, rules.STOPPED)),
        (case.UPDATED, case_after(agency.EXTENSION_ASKED), (rules.DEADLINE_EXTENDED, rules.EXTENDED)),
        (case.COMPLETED, case_after(agency.DONE), (case.COMPLETED, rules.COMPLETED)),
        (case.APOLOGY_ISSUED, case_after(case.APOLOGY_ISSUED), (case.APOLOGY_ISSUED, rules.OVERDUE)),
        (case.MOVED, case_after("calendar.version_published.v1"), (case.MOVED, rules.DATE_MOVED)),
    ],
)
def test_what_a_citizen_must_know_is_told(
    type: str, state: case.CaseState, expected: tuple[str, str]
) -> None:
    event, template = expected
    assert trigger_for(type, state) == MessageTrigger(event, "7", template)


@pytest.mark.parametrize(
    ("type", "state"),
    [
        (case.UPDATED, case_after("calendar.version_published.v1")),
        (case.UPDATED, case_after(agency.STARTED)),
        (case.UPDATED, case_after(agency.STOP_ASKED)),
        (case.UPDATED, case_after(dossier.SUPPLEMENTED)),
        (case.UPDATED, case_after(dossier.WITHDRAWAL_CANCELLED)),
        (case.DECLINED, case_after(dossier.PAID)),
        (case.ROUTED, case_after(agency.DONE)),
        (case.WARNING, case_after(case.WARNING)),
        (case.BREACHED, case_after(case.BREACHED)),
        (case.NEW_DATE_PASSED, case_after(case.NEW_DATE_PASSED)),
        (case.APOLOGY_DRAFTED, case_after(case.APOLOGY_DRAFTED)),
    ],
)
def test_the_rest_is_for_the_page(type: str, state: case.CaseState) -> None:
    assert trigger_for(type, state) is None


def waiting_for(actor: str | None, state: str = "queued") -> case.CaseState:
    return replace(case_after(agency.DONE), steps=[tax_payment(actor, state)])


def test_a_step_of_the_persons_own_is_told_once_by_the_step_and_not_by_each_record() -> None:
    turn = MessageTrigger(rules.TURN_CAME, TURN, rules.YOUR_TURN)
    assert trigger_for(case.UPDATED, waiting_for("citizen")) == turn
    assert trigger_for(case.WARNING, waiting_for("citizen", "started")) == turn
    sent_on = waiting_for("citizen")
    sent_on.steps[0] = replace(sent_on.steps[0], task_id=ROOT)
    assert trigger_for(case.REASSIGNED, sent_on) == turn


def test_neither_an_offices_step_nor_one_that_is_done_or_to_come_is_the_persons_turn() -> None:
    for one in (waiting_for(None), waiting_for("citizen", "done"), waiting_for("citizen", "waiting")):
        assert trigger_for(case.UPDATED, one) is None


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
    assert tuple(channel.name for channel in delivery_channels(contact)) == expected


def test_a_taken_message_is_sent_and_a_declined_one_failed() -> None:
    assert status_after_attempt(SendAccepted("m1"), 0).carrier_ref == "m1"
    assert status_after_attempt(SendAccepted("m1"), 0).state is MessageState.SENT
    assert status_after_attempt(SendDeclined("smtp_550"), 0).state is MessageState.FAILED


def test_silence_after_sending_is_ambiguous_and_never_planned_again() -> None:
    assert status_after_attempt(SendAmbiguous("sms_no_answer"), 0).state is MessageState.AMBIGUOUS


def test_not_now_waits_longer_each_time_and_fails_in_the_end() -> None:
    waits = [status_after_attempt(SendDeferred("smtp_452"), n) for n in range(rules.MAX_REFUSALS - 1)]
    assert [each.state for each in waits] == [MessageState.PLANNED] * (rules.MAX_REFUSALS - 1)
    assert [each.wait_seconds for each in waits] == sorted(each.wait_seconds for each in waits)
    assert status_after_attempt(SendDeferred("smtp_452"), rules.MAX_REFUSALS - 1).state is MessageState.FAILED


def test_a_carrier_that_is_away_uses_up_no_patience() -> None:
    assert status_after_attempt(SendDeferred("away", refused=False), 3).refusals == 3
    assert retry_delay(100) == 300.0


def test_only_final_receipts_change_a_message() -> None:
    assert final_receipt_state("delivered") == (MessageState.DELIVERED, None)
    assert final_receipt_state("undeliverable") == (MessageState.FAILED, "receipt_undeliverable")
    for word in ("pending", "unclear", "DELIVRD", ""):
        with pytest.raises(KeyError):
            final_receipt_state(word)


def test_a_text_whose_receipt_is_there_already_was_sent_and_has_ended() -> None:
    sent = status_after_attempt(SendAccepted("m1"), 0)
    assert status_after_receipt(sent, None) == sent
    failed = status_after_receipt(sent, "undeliverable")
    assert (failed.state, failed.reason, failed.was_sent) == (
        MessageState.FAILED,
        "receipt_undeliverable",
        True,
    )


def test_what_the_carrier_did_not_take_was_not_sent() -> None:
    for outcome in (SendDeclined("smpp_0xb"), SendAmbiguous("sms_no_answer"), SendDeferred("smpp_0x58")):
        assert not status_after_attempt(outcome, 0).was_sent


def test_an_operator_recognises_a_number_and_cannot_use_it() -> None:
    assert mask_address(PHONE) == "+84 … 001"
    assert mask_address(EMAIL) == "v…@example.vn"
    assert mask_address("123") == "…"


@pytest.mark.parametrize("type", [case.UPDATED, case.CHILD_OPENED, case.CHILD_COMPLETED, case.CHILD_FAILED])
@pytest.mark.parametrize("because", [agency.EXTENSION_ASKED, agency.DONE, dossier.ACCEPTED])
def test_what_happens_to_a_child_is_for_the_page(type: str, because: str) -> None:
    assert trigger_for(type, case_after(because), of_a_child=True) is None


def test_a_citizens_turn_is_told_even_when_a_child_brought_it() -> None:
    assert trigger_for(case.CHILD_COMPLETED, waiting_for("citizen"), of_a_child=True) == MessageTrigger(
        rules.TURN_CAME, TURN, rules.YOUR_TURN
    )


def expected_at(at: datetime, *, proposals: int = 1) -> case.CaseState:
    """A case whose office has just proposed a time."""
    meeting = Appointment(at=at, proposed_at=FRIDAY, proposals=proposals)
    step = replace(tax_payment(None), appointment=meeting)
    return replace(case_after(agency.APPOINTMENT_PROPOSED), steps=[step], because_id=f"task/{proposals}")


def test_each_time_that_an_office_proposes_is_told() -> None:
    for proposals in (1, 2):
        assert trigger_for(case.UPDATED, expected_at(DUE, proposals=proposals)) == MessageTrigger(
            agency.APPOINTMENT_PROPOSED, f"task/{proposals}", rules.APPOINTMENT
        )
    came = replace(expected_at(DUE), because=agency.APPOINTMENT_KEPT)
    assert trigger_for(case.UPDATED, came) is None


def test_a_text_about_a_time_that_moved_is_called_back() -> None:
    first = awaited_action(rules.APPOINTMENT, expected_at(DUE))
    assert first in awaited_actions(expected_at(DUE))
    assert first not in awaited_actions(expected_at(DUE + timedelta(hours=1), proposals=2))
    missed = expected_at(DUE)
    meeting = missed.steps[0].appointment
    assert meeting is not None
    missed.steps[0] = replace(missed.steps[0], appointment=replace(meeting, missed_at=DUE, missed=1))
    assert first not in awaited_actions(missed)
