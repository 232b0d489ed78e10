"""What has fallen due is said, once: warnings, the breach, and then to whom it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.routing.domain.case.case import Case, CaseUpdate, TaskDispatch
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.deadlines.deadlines import DeadlineCache, NextDeadline, next_deadlines_of_family
from services.routing.domain.family.family import fire_family_deadlines
from services.routing.outbound.case_events import dispatch_event, update_events
from services.routing.store import cases, deadlines, history, tasks
from services.routing.usecases.case_unit_of_work import audit_line, changed_tasks
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.observability.logs import get_logger
from shared.security import audit_chain

log = get_logger(__name__)

BATCHES_AT_ONCE = 2
"""Batches in work at a time: while one waits for PostgreSQL another is decided. More found nothing to do."""

AGAIN_AFTER = timedelta(minutes=5)
"""A case whose clock cannot be read is looked at again then, and stops nobody else's."""


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case whose turn it was: what its clocks say now, and when to look at them again."""

    case: Case
    told: tuple[CaseUpdate, ...]
    following: tuple[NextDeadline, ...]
    sent: tuple[TaskDispatch, ...] = ()


async def fire_timers(tx: Tx, limit: int, *, catalogue: Catalogue) -> int:
    """At most so many due rows, earliest first, in one transaction; returns how many there were.

    The rows only say where to look. What is due is decided on the locked case, so a row that is behind its
    case says nothing, and is set right.
    """
    now = await city_now(tx)
    due = await deadlines.lock_due(tx, now, limit)
    if due:
        said = await fire_due_cases(tx, list(dict.fromkeys(due)), catalogue, now)
        log.info("deadlines.fired", due=len(due), said=said)
    return len(due)


async def fire_due_cases(tx: Tx, roots: Sequence[UUID], catalogue: Catalogue, now: datetime) -> int:
    """What is due of these cases: decided on the locked case, told, kept, planned anew. How much it was."""
    known = await cases.lock_cases(tx, roots)
    looked = [one for case in known.values() if (one := _look(case, catalogue, now))]
    told = sorted((one for case in looked for one in case.told), key=_since)
    await deadlines.save_fired(tx, list(_said(looked, known)))
    await _save_cases(tx, looked, known)
    await history.append_history(tx, told)
    await audit_chain.append(tx, [audit_line(one) for one in told])
    await outbox.append_events(tx, [*update_events(told), *_handed(looked)])
    await _plan_anew(tx, looked)
    await deadlines.postpone_until(
        tx, list(known.keys() - {one.case.root for one in looked}), now + AGAIN_AFTER
    )
    return len(told)


def _look(case: Case, catalogue: Catalogue, now: datetime) -> DueCase | None:
    try:
        instants = DeadlineCache(catalogue, now)
        change = fire_family_deadlines(case, catalogue, now, instants)
        following = tuple(next_deadlines_of_family(change.case, catalogue, now, instants))
        return DueCase(change.case, change.told, following, change.sent)
    except LookupError:
        log.exception("deadline.unreadable", root=str(case.root))
        return None


def _said(looked: Iterable[DueCase], known: Mapping[UUID, Case]) -> Iterable[tuple[UUID, int, FiredDeadline]]:
    for one in looked:
        said = {alarm.key for member in known[one.case.root].family for alarm in member.alarms}
        fresh = (alarm for member in one.case.family for alarm in member.alarms if alarm.key not in said)
        for n, alarm in enumerate(fresh, start=len(said)):
            yield one.case.root, n, alarm


async def _save_cases(tx: Tx, looked: Sequence[DueCase], known: Mapping[UUID, Case]) -> None:
    """What a breach drafted, each once, with its task; and which questions nobody answered."""
    drafted = [one.case for one in looked if one.case.apology is not known[one.case.root].apology]
    await cases.update(tx, drafted)
    await tasks.save(tx, [moved for one in looked for moved in changed_tasks(known[one.case.root], one.case)])


def _handed(looked: Iterable[DueCase]) -> Iterable[NewEvent]:
    for one in looked:
        for sent in one.sent:
            handed = dispatch_event(sent, one.told[-1])
            if handed is not None:
                yield handed


def _since(told: CaseUpdate) -> datetime:
    return told.alarm.at if told.alarm else told.at


async def _plan_anew(tx: Tx, looked: Sequence[DueCase]) -> None:
    rows = await deadlines.planned_clocks(tx, [one.case.root for one in looked])
    following = [(one.case.root, deadline) for one in looked for deadline in one.following]
    kept = {deadline.clock.about for _, deadline in following}
    await deadlines.save_next(tx, following, {about for own in rows.values() for about in own} - kept)
