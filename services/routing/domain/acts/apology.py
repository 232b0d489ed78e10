"""Apologies (form 04): drafted when a dossier becomes late, signed by the office's head with a new date.

The legal date does not move: `current_due_at`, the breach and the lateness stay.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, change_since
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import (
    CENTRE,
    HEAD,
    LETTER,
    RECEIVE,
    NoEffect,
    OfficeRequest,
    Task,
    TaskReply,
    TaskState,
    complete_task,
)
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.effects import reply_cause
from services.routing.words import refuse, text
from shared.catalogue import Office
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events.apology import Apology
from shared.events.case import APOLOGY_ISSUED, STATUTORY
from shared.worktime import Calendar, Limit, OutsideCalendarError, Unit, task_due, working_seconds

SIGNED = "signed"
APOLOGY_TITLE = text("tasks.sign_apology")
HALF_A_DAY = Limit(Unit.WORKING_DAY, 0.5)


def draft_apology(case: Case, due_at: datetime, rules: Rules) -> Case:
    """Draft the apology, once, on the desk of the office that has the dossier. Only legal dates need one."""
    if case.kind != STATUTORY or case.apology is not None:
        return case
    step, title_vi, title_en = None, "", ""
    office = rules.catalogue.office(case.receiving_office)
    task = case.current_task
    # The Centre only moves tasks: for one that lies with it, the receiving office apologises.
    if task is not None and task.desk_office != CENTRE:
        step, title_vi, title_en = task.step, task.title_vi, task.title_en
        office = rules.catalogue.office(task.office)
    calendar = rules.calendar_of(office.id)
    letter = _apology_task(case, office, rules)
    apology = Apology(
        ref=letter.id,
        office=office.id,
        office_short=office.short,
        step=step,
        title_vi=title_vi,
        title_en=title_en,
        was_due_at=due_at,
        late_minutes=_late_minutes(calendar, due_at, rules.now),
        drafted_at=rules.now,
        sign_by=letter.due_at or rules.now,
        new_due_at=proposed_new_date(case, rules),
    )
    return replace(case.with_new_tasks(letter), apology=apology)


def proposed_new_date(case: Case, rules: Rules) -> datetime | None:
    """When the dossier would be done if every open step took its whole budget from now on.

    Without a plan it is the procedure's whole limit from now. None outside the known calendar: then the head
    names the date.
    """
    calendar = rules.published_calendar_of(case.receiving_office)
    ends: dict[str, datetime] = {}
    with suppress(OutsideCalendarError):
        for task in case.step_tasks:
            if task.state is not TaskState.DONE:
                begins = max([rules.now, *(ends[name] for name in task.after if name in ends)])
                ends[task.step] = plan.task_due_at(task, None, rules.at(begins))
        if all(task.is_reception for task in case.step_tasks):
            ends[RECEIVE] = _full_time_due(case, calendar, rules)
        day = max([rules.today, *(end.date() for end in ends.values())])
        soonest = calendar.nth_after(rules.today, 1)
        return calendar.closing(max(calendar.first_working(day), soonest))
    return None


def _full_time_due(case: Case, calendar: Calendar, rules: Rules) -> datetime:
    limit = rules.procedure_of(case).total
    return task_due(calendar, limit, rules.now) if limit else rules.now


def sign_apology(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Sign and send the apology, once, with the drafted date or another. Waiting steps are queued."""
    apology = case.apology
    if apology is None or task.id != apology.ref:
        return refuse("nothing_to_sign")
    if not (reply.actor.role == HEAD or (reply.party and reply.details.approved_by)):
        return refuse("only_the_head_signs")
    new_due_at = _named_date(case, reply, rules) or apology.new_due_at
    if apology.is_signed:
        return _judge_second_signature(apology, new_due_at)
    if task.state is TaskState.CLOSED:
        return refuse("task_closed")
    if new_due_at is None or new_due_at <= rules.now:
        return refuse("new_date_not_ahead")
    signed_apology = _sign(replace(apology, new_due_at=new_due_at), reply, rules)
    return _issue(
        replace(case.with_task(complete_task(task, rules.now, SIGNED)), apology=signed_apology),
        case,
        reply=reply,
        rules=rules,
    )


def _judge_second_signature(apology: Apology, new_due_at: datetime | None) -> NoEffect | Refused:
    if new_due_at == apology.new_due_at:
        return NoEffect("already_applied")
    return refuse("already_redated", day=_format_day(apology.new_due_at))


def _sign(apology: Apology, reply: TaskReply, rules: Rules) -> Apology:
    calendar = rules.calendar_of(apology.office)
    late_minutes = _late_minutes(calendar, apology.was_due_at, rules.now)
    signed_by = reply.details.approved_by or reply.actor.id or HEAD
    return replace(apology, signed_at=rules.now, signed_by=signed_by, late_minutes=late_minutes)


def _issue(signed_case: Case, before: Case, reply: TaskReply, rules: Rules) -> CaseChange | Refused:
    """Queue the steps that waited for the apology, or complete the case that did."""
    queued_case, cause = plan.queue_ready_steps(signed_case, rules), reply_cause(reply)
    letter = queued_case.task(reply.task_id)
    update = CaseUpdate(APOLOGY_ISSUED, queued_case, cause=cause, at=rules.now, task=letter)
    return complete_if_finished(change_since(before, update), cause, rules)


def _apology_task(case: Case, office: Office, rules: Rules) -> Task:
    """The apology as a task of its office. It is not sent to a party's topic: the head signs at the desk."""
    return Task(
        id=plan.next_task_id(case, LETTER),
        n=max((task.n for task in case.tasks), default=0) + 1,
        step=LETTER,
        role=office.role,
        title_vi=APOLOGY_TITLE.vi,
        title_en=APOLOGY_TITLE.en,
        office=office.id,
        office_short=office.short,
        after=(),
        limit=HALF_A_DAY,
        excluded=True,
        state=TaskState.QUEUED,
        party=rules.party_of(office.id).name,
        due_at=_sign_by(rules.calendar_of(office.id), rules.now),
        queued_at=rules.now,
        kind=TaskKind.LETTER,
    )


def _sign_by(calendar: Calendar, at: datetime) -> datetime:
    """The end of the first session of the next working day; `at` outside the known calendar."""
    with suppress(OutsideCalendarError):
        return calendar.midday(calendar.nth_after(to_city_time(at).date(), 1))
    return at


def minutes_late(apology: Apology, rules: Rules) -> int:
    """Working minutes of lateness: as signed, or until now while nobody has signed."""
    if apology.is_signed:
        return apology.late_minutes
    return _late_minutes(rules.calendar_of(apology.office), apology.was_due_at, rules.now)


def _late_minutes(calendar: Calendar, due_at: datetime, at: datetime) -> int:
    with suppress(OutsideCalendarError):
        return working_seconds(calendar, due_at, at) // 60
    return 0


def _named_date(case: Case, reply: TaskReply, rules: Rules) -> datetime | None:
    """The close of the day the head named, or of the next working day."""
    day = reply.details.new_day
    if day is None:
        return None
    calendar = rules.published_calendar_of(case.receiving_office)
    with suppress(OutsideCalendarError):
        return calendar.closing(calendar.first_working(day))
    return rules.now


def _format_day(at: datetime | None) -> str:
    return to_city_time(at).strftime("%d/%m/%Y") if at else "?"


ACTS = (
    OfficeAct(
        request=OfficeRequest.SIGNATURE,
        event_type=APOLOGY_ISSUED,
        rule=sign_apology,
        at_any_time=True,
        on_apology=True,
    ),
)
