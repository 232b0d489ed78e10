"""Unit of work for cases: collects changes of locked cases and writes all of them together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task
from services.routing.domain.clock.gaming_signs import ObservedSign, observed_signs
from services.routing.domain.deadlines.deadlines import NextDeadline, deadline_changes
from services.routing.domain.family.children import start_children
from services.routing.outbound.case_events import dispatch_events, update_events
from services.routing.store import cases, deadlines, gaming_signs, history, tasks
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine


class CaseUnitOfWork:
    """Changes of locked cases in one transaction. Each is decided on the case after the previous change."""

    def __init__(self, cases: Mapping[UUID, Case], rules: Rules) -> None:
        self.rules = rules
        self._before = dict(cases)
        self._current = dict(cases)
        self._changes: list[CaseChange] = []
        self._refusals: list[AuditLine] = []
        self._problems: list[NewEvent] = []
        self._signs: list[ObservedSign] = []

    def current(self, root: UUID) -> Case | None:
        """The case after the changes so far; None if there is none."""
        return self._current.get(root)

    def find(self, root: UUID | None) -> Case | None:
        """The case of a root that may be unknown."""
        return self._current.get(root) if root else None

    def apply(self, change: CaseChange) -> None:
        """Apply a change, with what follows from it for the dossier's children."""
        change = start_children(change, self.rules)
        self._signs += observed_signs(self.current(change.case.root), change, self.rules.catalogue)
        self._current[change.case.root] = change.case
        self._changes.append(change)

    def audit_refusal(self, line: AuditLine) -> None:
        """Write an attempt that was refused to the audit chain."""
        self._refusals.append(line)

    def reject_reply(self, problem: NewEvent) -> None:
        """Send the sender of a reply the reason why it could not be used."""
        self._problems.append(problem)

    async def save(self, tx: Tx) -> None:
        """Write cases, tasks, clocks, history, audit and events in one pipeline, for any number of cases."""
        updates: list[CaseUpdate] = []
        for change in self._changes:
            updates += change.updates
        new_cases: list[Case] = []
        old_cases: list[Case] = []
        changed_cases: list[Case] = []
        task_changes: list[tuple[Case, Task]] = []
        for root, case in self._current.items():
            before = self._before.get(root)
            if case is before:
                continue
            if before is None:
                new_cases.append(case)
            else:
                old_cases.append(case)
            changed_cases.append(case)
            task_changes += changed_tasks(before, case)
        async with pipeline(tx) as writes:
            await cases.insert(writes, new_cases)
            await cases.update(writes, old_cases)
            await tasks.save(writes, task_changes)
            await deadlines.save_next(writes, *self._clocks(changed_cases))
            await history.append_history(writes, updates)
            await gaming_signs.save_signs(writes, self._signs)
            await self._audit(writes, [*map(audit_line, updates), *self._refusals])
            await outbox.append_events(writes, [*self._events(), *self._problems])

    async def _audit(self, tx: Tx, lines: Sequence[AuditLine]) -> None:
        """Append audit lines. A new case starts its chain, which saves reading the chain's last hash."""
        await audit_chain.start_chains(tx, [line for line in lines if line.root_id not in self._before])
        await audit_chain.append(tx, [line for line in lines if line.root_id in self._before])

    def _clocks(self, changed_cases: Iterable[Case]) -> tuple[list[tuple[UUID, NextDeadline]], set[UUID]]:
        next_deadlines: list[tuple[UUID, NextDeadline]] = []
        ended_clocks: set[UUID] = set()
        for case in changed_cases:
            before = self._before.get(case.root)
            family_before = before.family if before else ()
            members_before = {member.id: member for member in family_before}
            for member in case.family:
                member_before = members_before.get(member.id)
                planned, ended = deadline_changes(member_before, member, self.rules)
                next_deadlines += [(case.root, deadline) for deadline in planned.values()]
                ended_clocks |= ended
        # A clock with a next deadline keeps its row, even if another member's clock with this id ended.
        ended_clocks.difference_update(deadline.clock.about for _, deadline in next_deadlines)
        return next_deadlines, ended_clocks

    def _events(self) -> Iterator[NewEvent]:
        for change in self._changes:
            yield from update_events(change.updates)
            yield from dispatch_events([change], self.rules)


def changed_tasks(before: Case | None, case: Case) -> list[tuple[Case, Task]]:
    """Tasks of a family that are new or changed, each with its dossier. They are compared by identity."""
    tasks_before = before.family_tasks if before else []
    unchanged = {id(task) for _, task in tasks_before}
    return [(member, task) for member, task in case.family_tasks if id(task) not in unchanged]


def audit_line(update: CaseUpdate) -> AuditLine:
    """The audit line of an update: actor, cause and task; for a deadline also level and recipient."""
    task = update.task
    facts: dict[str, str] = {
        "state": update.case.state.value,
        "because_id": update.cause.id,
        "told": update.type,
    }
    if task is not None:
        facts |= {"task_id": str(task.id), "step": task.step, "office": task.office}
    if update.child is not None:
        facts |= {"child": str(update.child.id), "child_state": update.child.state.value}
    if update.cause.stated_at is not None:
        facts["stated_at"] = update.cause.stated_at.isoformat()
    if update.approved_by is not None:
        facts["approved_by"] = update.approved_by
    if update.alarm is not None:
        facts |= {
            "level": update.alarm.level.value,
            "to": update.alarm.to.value,
            "to_office": update.alarm.office,
        }
    return AuditLine(update.case.root, update.cause.fact, actor=update.cause.actor, at=update.at, facts=facts)
