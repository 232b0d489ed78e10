"""Fire due deadlines: warnings, breaches and escalations, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task
from services.routing.domain.deadlines.deadlines import DeadlineCache, NextDeadline, next_deadlines_of_family
from services.routing.domain.family.family import fire_family_deadlines
from services.routing.outbound.case_events import dispatch_events, update_events
from services.routing.store import cases, deadlines, history, tasks
from services.routing.usecases.case_unit_of_work import audit_line, changed_tasks
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.db.transaction import Tx
from shared.messaging.publish import outbox
from shared.observability.logs import get_logger
from shared.security import audit_chain

log = get_logger(__name__)

BATCHES_AT_ONCE = 2
"""Batches at a time: one is decided while another waits for PostgreSQL. More gave no speed-up."""

AGAIN_AFTER = timedelta(minutes=5)
"""When a case whose clock cannot be read is tried again; the others go on."""


@dataclass(frozen=True, slots=True)
class DueCase:
    """The change made by the fired deadlines of a case, and its next deadlines."""

    change: CaseChange
    next_deadlines: tuple[NextDeadline, ...]

    @property
    def case(self) -> Case:
        """The case after the change."""
        return self.change.case


async def fire_timers(tx: Tx, limit: int, *, catalogue: CatalogueCache) -> int:
    """Fire at most `limit` due rows, earliest first, in one transaction; return how many there were.

    The rows only select cases. What is due is decided on the locked case, so an outdated row fires nothing,
    and is corrected.
    """
    rules = await catalogue.rules(tx)
    due = await deadlines.lock_due(tx, rules.now, limit)
    if due:
        fired = await fire_due_cases(tx, list(dict.fromkeys(due)), rules)
        log.info("deadlines.fired", due=len(due), fired=fired)
    return len(due)


async def fire_due_cases(tx: Tx, roots: Sequence[UUID], rules: Rules) -> int:
    """Fire the deadlines of these cases, save the results and plan the next ones; return the count."""
    locked = await cases.lock_cases(tx, roots)
    due_cases: list[DueCase] = []
    updates: list[CaseUpdate] = []
    unreadable_roots: list[UUID] = []
    for root, case in locked.items():
        due_case = _due_case(case, rules)
        if due_case is None:
            unreadable_roots.append(root)
        else:
            due_cases.append(due_case)
            updates += due_case.change.updates
    updates.sort(key=_update_time)
    await deadlines.save_fired(tx, list(_new_alarms(due_cases, locked)))
    await _save_cases(tx, due_cases, locked)
    await history.append_history(tx, updates)
    await audit_chain.append(tx, [audit_line(update) for update in updates])
    dispatched = dispatch_events((due_case.change for due_case in due_cases), rules)
    await outbox.append_events(tx, [*update_events(updates), *dispatched])
    await _plan_next(tx, due_cases)
    await deadlines.postpone_until(tx, unreadable_roots, rules.now + AGAIN_AFTER)
    return len(updates)


def _due_case(case: Case, rules: Rules) -> DueCase | None:
    try:
        cache = DeadlineCache(rules)
        change = fire_family_deadlines(case, rules, cache)
        next_deadlines = tuple(next_deadlines_of_family(change.case, rules, cache))
        return DueCase(change, next_deadlines)
    except LookupError:
        # The catalogue lacks a name that the case uses. One such case must not stop the batch.
        log.exception("deadline.unreadable", root=str(case.root))
        return None


def _new_alarms(
    due_cases: Iterable[DueCase], before: Mapping[UUID, Case]
) -> Iterable[tuple[UUID, int, FiredDeadline]]:
    for due_case in due_cases:
        root = due_case.case.root
        fired_keys = {alarm.key for alarm in before[root].family_alarms}
        n = len(fired_keys)
        for alarm in due_case.case.family_alarms:
            if alarm.key not in fired_keys:
                yield root, n, alarm
                n += 1


async def _save_cases(tx: Tx, due_cases: Sequence[DueCase], before: Mapping[UUID, Case]) -> None:
    """Save drafted apologies with their tasks, and questions closed by silence."""
    drafted_cases: list[Case] = []
    task_changes: list[tuple[Case, Task]] = []
    for due_case in due_cases:
        case_before = before[due_case.case.root]
        if due_case.case.apology is not case_before.apology:
            drafted_cases.append(due_case.case)
        task_changes += changed_tasks(case_before, due_case.case)
    await cases.update(tx, drafted_cases)
    await tasks.save(tx, task_changes)


def _update_time(update: CaseUpdate) -> datetime:
    return update.alarm.at if update.alarm else update.at


async def _plan_next(tx: Tx, due_cases: Sequence[DueCase]) -> None:
    ended_clocks = await deadlines.planned_clocks(tx, [due_case.case.root for due_case in due_cases])
    next_deadlines: list[tuple[UUID, NextDeadline]] = []
    for due_case in due_cases:
        next_deadlines += [(due_case.case.root, deadline) for deadline in due_case.next_deadlines]
    ended_clocks.difference_update(deadline.clock.about for _, deadline in next_deadlines)
    await deadlines.save_next(tx, next_deadlines, ended_clocks)
