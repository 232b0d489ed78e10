"""Reconcile with Kafka after the database was restored from a backup, before routing publishes anything new.

Intake's events and parties' replies are read again from the database's offsets, and give the same tasks.
Acts of officers came by HTTP and are nowhere else: they are listed, to be repeated by hand.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from services.routing.domain.acts.reassignment import ReassignMode
from services.routing.domain.case.task import OfficeRequest, TaskAct
from services.routing.store import history
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
    observed, acts = ObservedSequences(), dict[tuple[UUID, str], Event]()
    async for records in topics.scan(observed):
        for event in _desk_acts(records):
            acts.setdefault((event.root, event.data.because_id), event)
    async with reconcile_transaction(topics, observed, dry_run=dry_run) as (tx, report):
        applied = await history.applied_causes(tx, list(acts))
        lost_acts = [event for key, event in acts.items() if key not in applied]
        report.left = [
            _manual_repair(event)
            for event in sorted(lost_acts, key=lambda entry: (entry.data.code, entry.seq))
        ]
    return report


def _desk_acts(records: Sequence[Record]) -> list[Event]:
    """Updates caused by an officer's act, not by a record of another topic."""
    return [event for event in decode_events(records, topic_specs.CASE_UPDATES) if _is_desk_act(event.data)]


def _is_desk_act(state: CaseState) -> bool:
    return state.because in _ACTS and bool(_AT_A_DESK.fullmatch(state.because_id))


def _manual_repair(event: Event) -> ManualRepair:
    state: CaseState = event.data
    task, act = state.because_id.split("/")[:2]
    step = next((step for step in state.steps if str(step.task_id) == task), None)
    office = event.actor.office or (step.office if step else state.receiving_office)
    actor = event.actor.id or event.actor.party or event.actor.kind
    detail = f"{act} {step.step if step else task}, by {actor}" + (
        f", outcome {step.outcome}" if step and step.outcome else ""
    )
    return ManualRepair("desk_act_lost", state.code, at=event.time, office=office, detail=detail)
