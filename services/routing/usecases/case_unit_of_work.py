"""The cases of one transaction: what each was, what it is by now, and everything that must be written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate
from services.routing.domain.case.task import Task
from services.routing.domain.clock.gaming_signs import ObservedSign, observed_signs
from services.routing.domain.deadlines.deadlines import NextDeadline, deadline_changes
from services.routing.domain.family.children import start_children
from services.routing.outbound.case_events import dispatch_event, update_events
from services.routing.store import cases, deadlines, gaming_signs, history, tasks
from shared.catalogue import Catalogue
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine


class CaseUnitOfWork:
    """Facts of one root fold here in their order, each on the case as the one before left it."""

    def __init__(self, known: Mapping[UUID, Case], catalogue: Catalogue, at: datetime) -> None:
        self.catalogue, self.at = catalogue, at
        self._before = dict(known)
        self._now = dict(known)
        self._changes: list[CaseChange] = []
        self._refusals: list[AuditLine] = []
        self._problems: list[NewEvent] = []
        self._seen: list[ObservedSign] = []

    def current(self, root: UUID) -> Case | None:
        """The case as it is by now."""
        return self._now.get(root)

    def apply(self, change: CaseChange) -> None:
        """This happened, and what follows from it for the dossier's children."""
        change = start_children(change, self.catalogue, self.at)
        self._seen += observed_signs(self.current(change.case.root), change, self.catalogue)
        self._now[change.case.root] = change.case
        self._changes.append(change)

    def audit_refusal(self, line: AuditLine) -> None:
        """This was attempted and refused, and must be on record."""
        self._refusals.append(line)

    def reject_reply(self, problem: NewEvent) -> None:
        """This reply could not be used, and its sender must know."""
        self._problems.append(problem)

    async def save(self, tx: Tx) -> None:
        """State, tasks, clocks, history, audit and events: all in one statement, however many cases."""
        told = [one for change in self._changes for one in change.told]
        opened = [case for root, case in self._now.items() if root not in self._before]
        changed = [case for root, case in self._now.items() if case is not self._before.get(root)]
        moved = [one for case in changed for one in changed_tasks(self._before.get(case.root), case)]
        async with pipeline(tx) as writes:
            await cases.insert(writes, opened)
            await cases.update(writes, [case for case in changed if case.root in self._before])
            await tasks.save(writes, moved)
            await deadlines.save_next(writes, *self._clocks(changed))
            await history.append_history(writes, told)
            await gaming_signs.save_signs(writes, self._seen)
            await self._audit(writes, [*map(audit_line, told), *self._refusals])
            await outbox.append_events(writes, [*self._events(), *self._problems])

    async def _audit(self, tx: Tx, lines: Sequence[AuditLine]) -> None:
        """A case that is opened here begins its chain, and nobody has to look where that stands."""
        await audit_chain.start_chains(tx, [line for line in lines if line.root_id not in self._before])
        await audit_chain.append(tx, [line for line in lines if line.root_id in self._before])

    def _clocks(self, changed: Iterable[Case]) -> tuple[list[tuple[UUID, NextDeadline]], set[UUID]]:
        following: list[tuple[UUID, NextDeadline]] = []
        over: set[UUID] = set()
        for case in changed:
            before = self._before.get(case.root)
            were = {one.id: one for one in before.family} if before else dict[UUID, Case]()
            for one in case.family:
                planned, ended = deadline_changes(were.get(one.id), one, self.catalogue, self.at)
                following += [(case.root, deadline) for deadline in planned.values()]
                over |= ended
        return following, over - {deadline.clock.about for _, deadline in following}

    def _events(self) -> Iterator[NewEvent]:
        for change in self._changes:
            yield from update_events(change.told)
            for sent in change.sent:
                handed = dispatch_event(sent, change.told[-1])
                if handed is not None:
                    yield handed


def changed_tasks(before: Case | None, case: Case) -> list[tuple[Case, Task]]:
    """The tasks of a family that a change made or touched, each with its dossier."""
    kept = {id(task) for one in before.family for task in one.tasks} if before else set[int]()
    return [(one, task) for one in case.family for task in one.tasks if id(task) not in kept]


def audit_line(told: CaseUpdate) -> AuditLine:
    """Who changed the case, by which fact; of a deadline also how far it got, and who was told."""
    task = told.task
    facts: dict[str, str] = {"state": told.case.state.value, "because_id": told.cause.id, "told": told.type}
    if task is not None:
        facts |= {"task_id": str(task.id), "step": task.step, "office": task.office}
    if told.child is not None:
        facts |= {"child": str(told.child.id), "child_state": told.child.state.value}
    if told.cause.stated_at is not None:
        facts["stated_at"] = told.cause.stated_at.isoformat()
    if told.alarm is not None:
        facts |= {"level": told.alarm.level.value, "to": told.alarm.to.value, "to_office": told.alarm.office}
    return AuditLine(told.case.root, told.cause.fact, told.cause.actor, told.at, facts)
