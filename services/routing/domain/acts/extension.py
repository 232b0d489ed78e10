"""Extensions (form 04): one per dossier, by the head, before the due date, within the procedure's limit."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import ENDED
from services.routing.domain.case.task import HEAD, NoEffect, OfficeRequest, Task, TaskReply
from services.routing.domain.clock.case_clock import clock_at, with_clock_event
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.words import refuse
from shared.errors import Refused
from shared.events import agency
from shared.worktime import ClockEvent, Unit
from shared.worktime import ClockEventType as ClockFact

NOTIFY_BEFORE = 1
"""Working days between the announcement and the due date (plausible; after ND 61/2018)."""

MOST_DAYS = 1000
"""The longest extension the clock can count, in working days."""


def extend_deadline(
    case: Case, task: Task, reply: TaskReply, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Extend the due date by `days` working days, as the head of the office (form 04)."""
    days = reply.details.days or 0
    extensions = [event for event in case.ledger if event.fact is ClockFact.EXTENDED]
    if extensions and extensions[0].working_days == days:
        return NoEffect("already_applied")
    if extensions:
        return refuse("already_extended")
    refusal = _extension_refusal(case, reply, days=days, rules=rules)
    if refusal is not None:
        return refusal
    extended_case = with_clock_event(
        case, ClockEvent(ClockFact.EXTENDED, rules.now, working_days=days), rules
    )
    if _is_too_long(case, extended_case, days=days, rules=rules):
        return refuse("extension_too_long")
    return build_change(
        recompute_task_deadlines(extended_case, rules),
        reply_cause(reply),
        rules.now,
        task=task,
        reason=reply.reason,
    )


def _extension_refusal(case: Case, reply: TaskReply, days: int, rules: Rules) -> Refused | None:
    if case.state in ENDED:
        return refuse("dossier_closed")
    if not (reply.actor.role == HEAD or (reply.party and reply.details.approved_by)):
        return refuse("only_the_head_extends")
    if days < 1:
        return refuse("days_missing")
    if not (reply.reason or "").strip():
        return refuse("reason_missing")
    due = _due_now(case, rules)
    if due is None:
        return refuse("no_date_to_extend")
    return None if _is_in_time(case, due, rules) else refuse("extension_too_late")


def _due_now(case: Case, rules: Rules) -> datetime | None:
    """The due date in force, or in a pause the one an answer now would give."""
    reading = clock_at(case, rules)
    if reading is None:
        return None
    return reading.due_at or reading.due_if_answered_now


def _is_in_time(case: Case, due: datetime, rules: Rules) -> bool:
    calendar = rules.calendar_of(case.receiving_office)
    return rules.now < due and calendar.working_days(rules.today, due.date()) >= NOTIFY_BEFORE


def _is_too_long(before: Case, after: Case, days: int, rules: Rules) -> bool:
    """Whether it exceeds the procedure's rule, in the rule's unit; without a rule, `MOST_DAYS`."""
    rule = rules.procedure_of(before).extension
    if rule is None:
        return days > MOST_DAYS
    if rule.unit is Unit.WORKING_DAY:
        return days > rule.amount
    old, new = _due_now(before, rules), _due_now(after, rules)
    return old is None or new is None or (new.date() - old.date()).days > rule.amount


ACTS = (OfficeAct(request=OfficeRequest.EXTENSION, event_type=agency.EXTENSION_ASKED, rule=extend_deadline),)
