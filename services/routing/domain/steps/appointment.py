"""Steps for which the citizen comes in person: the office proposes a time, and records arrival or absence.

The clock runs on. A missed appointment does not end the dossier: only a stop (form 05) does.
"""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskAct, TaskReply
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.domain.steps.queries import refuse_lead_reply
from services.routing.domain.steps.step_kind import StepKind
from services.routing.words import refuse
from shared.actor import Actor
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events import agency
from shared.events.steps import Appointment


def propose_appointment(
    case: Case, task: Task, reply: TaskReply, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Propose a time to the citizen: the first one, a change, or a new one after a missed appointment.

    The citizen is notified of each. The time must lie in the future.
    """
    if task.kind is not TaskKind.APPOINTMENT:
        return refuse("step_has_no_appointment")
    earlier, meet_at = task.appointment, reply.details.meet_at
    if earlier is not None and earlier.came_at is not None:
        return refuse("appointment_is_over")
    if earlier is not None and earlier.is_open and earlier.at == meet_at:
        return NoEffect("told_twice")
    if meet_at is None or meet_at <= rules.now:
        return refuse("appointment_not_ahead")
    appointment = Appointment(
        at=meet_at,
        proposed_at=rules.now,
        proposals=_proposals(case, task) + 1,
        missed=earlier.missed if earlier else 0,
    )
    return _changed(case, replace(task, appointment=appointment), reply, rules.now)


def record_arrival(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Record that the citizen came, at the proposed time or another. The step may then be completed."""
    appointment = task.appointment
    if appointment is None:
        return refuse("no_appointment_open")
    if appointment.came_at is not None:
        return NoEffect("told_twice")
    return _changed(
        case, replace(task, appointment=replace(appointment, came_at=rules.now)), reply, rules.now
    )


def record_absence(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Record a missed appointment. The office may then propose a new time, any number of times."""
    appointment = task.appointment
    if appointment is None or appointment.came_at is not None:
        return refuse("no_appointment_open")
    if appointment.missed_at is not None:
        return NoEffect("told_twice")
    if rules.now < appointment.at:
        return refuse("appointment_still_ahead")
    missed = replace(appointment, missed=appointment.missed + 1, missed_at=rules.now)
    return _changed(case, replace(task, appointment=missed), reply, rules.now)


def _changed(case: Case, task: Task, reply: TaskReply, at: datetime) -> CaseChange:
    """The change of this task; its reason in the history is the time of the appointment."""
    meet_at = f"{to_city_time(task.appointment.at):%H:%M %d/%m/%Y}" if task.appointment else None
    return build_change(case.with_task(task), reply_cause(reply), at, task=task, reason=meet_at)


def _proposals(_case: Case, task: Task) -> int:
    return task.appointment.proposals if task.appointment else 0


def _refuse_reply(case: Case, task: Task, reply: TaskReply, act: OfficeAct | None) -> Refused | None:
    has_come = task.appointment is not None and task.appointment.came_at is not None
    if reply.act is TaskAct.COMPLETE and task.is_open and not has_come:
        return refuse("appointment_first")
    return refuse_lead_reply(case, task, reply, act)


def _can_propose(_case: Case, task: Task, _actor: Actor) -> bool:
    is_over = task.appointment is not None and task.appointment.came_at is not None
    return task.kind is TaskKind.APPOINTMENT and not is_over


def _can_record_arrival(_case: Case, task: Task, _actor: Actor) -> bool:
    return task.appointment is not None and task.appointment.came_at is None


def _can_record_absence(_case: Case, task: Task, _actor: Actor) -> bool:
    return task.appointment is not None and task.appointment.is_open


KIND = StepKind(kind=TaskKind.APPOINTMENT, refuse_reply=_refuse_reply)
ACTS = (
    OfficeAct(
        request=OfficeRequest.APPOINTMENT,
        event_type=agency.APPOINTMENT_PROPOSED,
        rule=propose_appointment,
        is_offered=_can_propose,
        count_earlier=_proposals,
    ),
    OfficeAct(
        request=OfficeRequest.ARRIVAL,
        event_type=agency.APPOINTMENT_KEPT,
        rule=record_arrival,
        is_offered=_can_record_arrival,
        count_earlier=_proposals,
    ),
    OfficeAct(
        request=OfficeRequest.ABSENCE,
        event_type=agency.APPOINTMENT_MISSED,
        rule=record_absence,
        is_offered=_can_record_absence,
        count_earlier=_proposals,
    ),
)
