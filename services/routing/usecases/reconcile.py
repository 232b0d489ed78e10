"""Reconcile with Kafka after the database was restored from a backup, before routing publishes anything new.

Intake's events and parties' replies are read again from the database's offsets, and give the same tasks.
Acts of officers came by HTTP and are stored nowhere else: they are listed, to be repeated by hand.
"""

import re
from collections.abc import Sequence

from services.routing.domain.acts.reassignment import ReassignMode
from services.routing.domain.case.task import OfficeRequest, TaskAct
from services.routing.store import history
from services.routing.store.history import AppliedCause
from services.routing.usecases.act_on_tasks import FACTS
from shared.events import topics as topic_specs
from shared.events.case import REASSIGNED, CaseState
from shared.events.envelope import Event
from shared.messaging.record.records import Record
from shared.messaging.recovery.reconcile import ManualRepair, ReconcileReport, reconcile_transaction
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit, decode_events

_VERBS = "|".join([*ReassignMode, *TaskAct, *OfficeRequest])
_AT_A_DESK = re.compile(rf"([0-9a-f-]{{36}})/({_VERBS})(?:/[0-9]+)?")
_ACTS = {*FACTS.values(), REASSIGNED}


async def reconcile(topics: TopicAudit, *, dry_run: bool = False) -> ReconcileReport:
    """Advance sequence numbers past those in Kafka, and list acts at desks that are lost."""
    observed, acts = ObservedSequences(), dict[AppliedCause, Event]()
    async for records in topics.scan(observed):
        for event in _desk_acts(records):
            acts.setdefault(AppliedCause(event.root, event.data.because_id), event)
    async with reconcile_transaction(topics, observed, dry_run=dry_run) as (tx, report):
        applied = await history.applied_causes(tx, acts)
        lost_acts = [event for cause, event in acts.items() if cause not in applied]
        lost_acts.sort(key=lambda event: (event.data.code, event.seq))
        report.manual_repairs = [_manual_repair(event) for event in lost_acts]
    return report


def _desk_acts(records: Sequence[Record]) -> list[Event]:
    """Updates caused by an officer's act, not by a record of another topic."""
    return [event for event in decode_events(records, topic_specs.CASE_UPDATES) if _is_desk_act(event.data)]


def _is_desk_act(state: CaseState) -> bool:
    return state.because in _ACTS and bool(_AT_A_DESK.fullmatch(state.because_id))


def _manual_repair(event: Event) -> ManualRepair:
    state: CaseState = event.data
    task, act = state.because_id.split("/")[:2]
    actor = event.actor.id or event.actor.party or event.actor.kind
    office = state.receiving_office
    detail = f"{act} {task}, by {actor}"
    for step in state.steps:
        if str(step.task_id) == task:
            office = step.office
            detail = f"{act} {step.step}, by {actor}"
            if step.outcome:
                detail += f", outcome {step.outcome}"
    office = event.actor.office or office
    return ManualRepair("desk_act_lost", state.code, at=event.time, office=office, detail=detail)
