"""A dossier goes late: one letter, by the head, with one new date; until then nothing goes on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, Recipient
from services.routing.domain.case.task import (
    LETTER,
    NoEffect,
    OfficeRequest,
    RequestDetails,
    TaskAct,
    TaskState,
)
from services.routing.domain.deadlines.deadlines import next_deadlines
from services.routing.domain.deadlines.escalation import current_escalation, fire_deadlines
from services.routing.domain.plan.recompute_dates import recompute_dates
from services.routing.outbound.case_events import update_event, visible_steps
from services.routing.usecases.case_unit_of_work import audit_line
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.errors import Refused
from shared.events.envelope import data_document
from tests.builders.routing import (
    OPERATOR,
    acceptance,
    after,
    opened,
    rules,
    says,
    submitted_case,
    task_of,
    under_way,
)
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of

DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
LATE = DUE + timedelta(seconds=1)
NOON = datetime(2026, 3, 17, 12, tzinfo=CITY_TZ)
MORNING = datetime(2026, 3, 17, 9, tzinfo=CITY_TZ)
HEAD = Actor(kind="officer", id="truongphong", role="leader")
CLERK = Actor(kind="officer", id="canbo", role="specialist")


def fired(case: Case, at: datetime) -> Case:
    change = fire_deadlines(case, rules(at))
    return change.case if change else case


def signing(
    case: Case, by: Actor | None = HEAD, new_day: date | None = None, at: datetime = MORNING
) -> CaseChange | NoEffect | Refused:
    return act_by_office(
        case, OfficeRequest.SIGNATURE, at, step=LETTER, by=by, wants=RequestDetails(new_day=new_day)
    )


@pytest.fixture
def late() -> Case:
    """A building permit, appraised too slowly."""
    return fired(under_way("building-permit-house"), LATE)


def test_the_draft_says_which_step_which_office_and_since_when(late: Case) -> None:
    letter = late.apology
    assert letter is not None
    held = task_of(late, "appraise")
    assert (letter.step, letter.office, letter.was_due_at) == ("appraise", held.office, DUE)
    assert (letter.sign_by, letter.is_signed) == (NOON, False)
    assert (task_of(late, LETTER).office, task_of(late, LETTER).due_at) == (held.office, NOON)


def test_it_is_told_right_behind_the_breach() -> None:
    change = fire_deadlines(under_way("building-permit-house"), rules(LATE + timedelta(days=7)))
    assert change is not None
    types = [told.type for told in change.updates]
    assert types[types.index("deadline.breached.v1", 1) :].count("apology.drafted.v1") == 1
    draft = types.index("apology.drafted.v1")
    assert change.updates[draft - 1].alarm is change.updates[draft].alarm


def test_a_week_late_the_draft_counts_the_working_time() -> None:
    letter = fired(under_way("building-permit-house"), LATE + timedelta(days=7)).apology
    assert letter is not None
    assert letter.late_minutes == 5 * 450


def test_one_dossier_gets_one_letter(late: Case) -> None:
    again = fired(fired(late, DUE + timedelta(days=3)), DUE + timedelta(days=30))
    assert sum(task.is_apology for task in again.tasks) == 1


def test_only_what_a_law_dates_gets_one() -> None:
    case = replace(under_way("building-permit-house"), kind="question")
    assert fired(case, LATE).apology is None


def test_the_citizens_line_of_steps_and_the_holder_stay_those_of_the_work(late: Case) -> None:
    assert LETTER not in [task.step for task in visible_steps(late)]
    assert late.holder is not None
    assert late.current_task == task_of(late, "appraise")


def test_the_step_in_hands_may_be_finished_and_the_next_waits(late: Case) -> None:
    appraised = after(late, "appraise", "consult")
    assert task_of(appraised, "decide").state is TaskState.WAITING
    assert code_of(says(appraised, "decide", TaskAct.START, party="ward-pilot")) == "letter_missing"
    assert code_of(says(appraised, "decide", TaskAct.COMPLETE, party="ward-pilot")) == "letter_missing"


def test_a_step_whose_turn_is_far_off_is_told_so(late: Case) -> None:
    assert code_of(says(late, "decide", TaskAct.START, party="ward-pilot")) == "not_yet_queued"


def test_signed_it_hands_out_what_waited(late: Case) -> None:
    change = signing(after(late, "appraise", "consult"))
    assert isinstance(change, CaseChange), change
    assert task_of(change.case, "decide").state is TaskState.QUEUED
    assert [told.type for told in change.updates] == ["apology.issued.v1"]
    assert [sent.task.step for sent in change.dispatches] == ["decide"]


def test_a_result_waits_for_the_letter_too() -> None:
    case = after(under_way("judicial-record-1"), "intake", "search")
    done_late = after(fired(case, LATE), "issue")
    assert (done_late.state, done_late.holder and done_late.holder.office) == ("in_process", "HPOL")
    change = signing(done_late)
    assert isinstance(change, CaseChange), change
    assert [told.type for told in change.updates] == ["apology.issued.v1", "dossier.completed.v1"]
    assert (change.case.state, change.case.outcome) == ("completed", "granted")


def test_late_stays_late(late: Case) -> None:
    signed = case_after(signing(late))
    assert (signed.current_due_at, signed.promised_due_at) == (DUE, late.promised_due_at)
    overdue = current_escalation(signed)
    assert overdue is not None
    assert (overdue.due_at, overdue.scope) == (DUE, ClockScope.DOSSIER)
    assert signed.apology is not None
    assert (signed.apology.signed_at, signed.apology.signed_by) == (MORNING, "truongphong")
    assert signed.apology.late_minutes == 60


def test_the_head_may_name_another_day_and_a_day_off_rolls_on(late: Case) -> None:
    letter = case_after(signing(late, new_day=date(2026, 3, 21))).apology
    assert letter is not None
    assert letter.new_due_at == datetime(2026, 3, 23, 17, tzinfo=CITY_TZ)


def test_signed_twice_it_is_sent_once(late: Case) -> None:
    signed = case_after(signing(late))
    assert isinstance(signing(signed), NoEffect)
    assert isinstance(signing(signed, at=NOON + timedelta(days=9)), NoEffect)


def test_a_second_new_date_is_refused_with_the_first(late: Case) -> None:
    found = signing(case_after(signing(late, new_day=date(2026, 3, 20))), new_day=date(2026, 3, 27))
    assert code_of(found) == "already_redated"
    assert isinstance(found, Refused)
    assert "20/03/2026" in found.vi


@pytest.mark.parametrize(
    ("by", "code"),
    [(CLERK, "only_the_head_signs"), (OPERATOR, "operator_never_decides"), (None, "only_the_head_signs")],
)
def test_nobody_else_signs(late: Case, by: Actor | None, code: str) -> None:
    assert code_of(signing(late, by=by)) == code


def test_the_head_of_another_office_does_not_sign(late: Case) -> None:
    assert code_of(signing(late, by=replace(HEAD, office="HPOL"))) == "task_of_another_office"


def test_a_party_names_its_head(late: Case) -> None:
    wants = RequestDetails(approved_by="Ngô Ví Dụ Hà")
    change = act_by_office(late, OfficeRequest.SIGNATURE, MORNING, step=LETTER, wants=wants)
    assert isinstance(change, CaseChange)
    assert change.case.apology is not None
    assert change.case.apology.signed_by == change.case.apology.signer == "Ngô Ví Dụ Hà"
    assert audit_line(change.updates[0]).facts["approved_by"] == "Ngô Ví Dụ Hà"


def test_a_new_date_lies_ahead(late: Case) -> None:
    assert code_of(signing(late, new_day=date(2026, 3, 16))) == "new_date_not_ahead"
    assert code_of(signing(late, new_day=date(2199, 1, 4))) == "new_date_not_ahead"


def test_a_letter_is_only_signed_and_nothing_else_is(late: Case) -> None:
    assert code_of(says(late, LETTER, TaskAct.COMPLETE)) == "a_letter_is_only_signed"
    assert code_of(says(late, LETTER, TaskAct.DECLINE)) == "a_letter_is_only_signed"
    assert (
        code_of(act_by_office(late, OfficeRequest.SIGNATURE, MORNING, step="appraise", by=HEAD))
        == "nothing_to_sign"
    )


def test_unsigned_at_noon_it_is_the_operators(late: Case) -> None:
    assert next_deadlines(late, rules(LATE))[task_of(late, LETTER).id].at == NOON.replace(hour=8)
    at_noon = fired(late, NOON)
    assert not [a for a in at_noon.alarms if a.step == LETTER and a.level is DeadlineLevel.BREACH]
    found = [a for a in fired(late, NOON + timedelta(seconds=1)).alarms if a.step == LETTER]
    assert [(a.level, a.to) for a in found][-1] == (DeadlineLevel.BREACH, Recipient.OPERATOR)


def test_signed_in_time_nobody_hears_of_it(late: Case) -> None:
    signed = case_after(signing(late))
    assert not [a for a in fired(signed, NOON + timedelta(days=2)).alarms if a.step == LETTER]


def test_its_noon_stays_whatever_the_calendar_becomes(late: Case) -> None:
    found = recompute_dates(late, cause("calendar.version_published.v1"), rules(MORNING))
    assert task_of(found.case if found else late, LETTER).due_at == NOON


def test_stopped_with_its_dossier_it_is_closed_unsigned() -> None:
    case = acceptance(opened(submitted_case("building-permit-house"))).case
    stopped = fired(case, LATE)
    assert isinstance(
        act_by_office(stopped, OfficeRequest.STOP, MORNING, step=LETTER, by=HEAD, reason="rút"), CaseChange
    )


def test_the_record_says_the_whole_of_it(late: Case) -> None:
    change = signing(late)
    assert isinstance(change, CaseChange)
    said = data_document(update_event(change.updates[0]).data)
    assert said["apology"]["new_due_at"] > said["current_due_at"]
    assert said["overdue"]["since"] == said["current_due_at"]
