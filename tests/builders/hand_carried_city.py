"""Three services over one test's databases, with records carried by hand: no Kafka, no waiting.

Every act goes through the use case that a handler or a page calls, so the pages show what they would show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

import asyncpg

from services.intake.domain.acts.requests import DossierAct
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.save_views import save_case_views, save_message_states
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from services.intake.usecases.submit_dossiers import submit_dossiers
from services.intake.usecases.submit_request import DossierRequest, submit_request
from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.remember_contact import remember_contact
from services.routing.domain.case.case import Case
from services.routing.domain.case.task import OfficeRequest, RequestDetails, Task, TaskAct
from services.routing.store import cases
from services.routing.usecases.act_on_tasks import ActResult, DeskAct, act_on_tasks
from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.actor import Actor
from shared.db.transaction import transaction
from shared.errors import Refused
from shared.events import registry
from shared.events.body import Body
from shared.events.case import CaseHeadline
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch
from shared.messaging.record.records import Record, unpack_headers
from shared.messaging.sweep import sweep_once
from tests.builders import intake
from tests.builders.catalogue import catalogue
from tests.builders.counters import counter_of
from tests.builders.notification import Office as Notification
from tests.builders.routing_batches import city_rules
from tests.databases import Database

HEAD = Actor(kind="officer", id="truongphong", role="leader")


@dataclass
class HandCarriedCity:
    """Intake, routing and notification with their pools. `secrets`: by dossier code."""

    database: Database
    door: IntakeContext
    routing: asyncpg.Pool
    notification: Notification
    secrets: dict[str, str] = field(default_factory=dict)
    _carried: dict[str, int] = field(default_factory=dict)
    _catalogue: CatalogueCache = field(default_factory=lambda: CatalogueCache(catalogue()))

    @classmethod
    async def open(cls, database: Database, at: datetime) -> "HandCarriedCity":
        """An empty city at this instant."""
        await database.set_clock(at)
        notification = Notification(await database.pool("notification"), await database.pool("keyring"))
        await notification.learn()
        door = await intake.door(database.pool)
        return cls(database, door, await database.pool("routing"), notification)

    async def move_to(self, at: datetime) -> None:
        """Set the clock forward, fire what is due by then, and tell everybody."""
        await self.database.set_clock(at)
        await sweep_once(self.routing, partial(fire_timers, catalogue=self._catalogue))
        await self.carry()

    async def carry(self) -> None:
        """Hand over new records: facts to routing, updates to intake and notification, results to intake."""
        told = decoded(await self._new_records("intake", self.door.pool))
        facts = [event for event in told if event.topic == "dossier.events"]
        contacts = [event for event in told if event.topic == "citizen.contacts"]
        if facts:
            async with transaction(self.routing) as tx:
                batch = Batch(facts)
                await apply_intake_events(tx, batch, await self._catalogue.unit_of_work(tx, batch.roots))
        updates = await self._new_records("routing", self.routing)
        if updates:
            async with transaction(self.door.pool) as tx:
                await save_case_views(tx, Batch(decoded(updates, CaseHeadline)))
        if contacts or updates:
            async with transaction(self.notification.pool) as tx:
                await remember_contact(tx, Batch(contacts))
                await plan_messages(tx, Batch(decoded(updates)), template_cache=self.notification.words)
            await self.notification.write()
        results = decoded(await self._new_records("notification", self.notification.pool))
        if results:
            async with transaction(self.door.pool) as tx:
                await save_message_states(tx, Batch(results))

    async def file(self, *filings: SubmissionRequest) -> list[SubmissionReceipt]:
        """File these, all of which must come through."""
        outcomes = await submit_dossiers(self.door, filings)
        receipts = [outcome for outcome in outcomes if isinstance(outcome, SubmissionReceipt)]
        assert len(receipts) == len(filings), [one for one in outcomes if isinstance(one, Refused)]
        self.secrets.update({receipt.code: receipt.secret or "" for receipt in receipts})
        await self.carry()
        return receipts

    async def decide(self, codes: Iterable[str], refusal: CounterRefusal | None = None) -> None:
        """Accept these at the counter, or refuse them."""
        outcomes = await decide_dossiers(
            self.door, [Decision(code, counter_of(code), refusal) for code in codes]
        )
        assert not [outcome for outcome in outcomes if isinstance(outcome, Refused)], outcomes
        await self.carry()

    async def record(self, code: str, act: DossierAct, *, secret: str | None = None) -> None:
        """An act of the counter, or of the slip's holder."""
        actor = None if secret else counter_of(code)
        await submit_request(self.door, DossierRequest(uuid4(), code, act, actor=actor, secret=secret))
        await self.carry()

    async def case(self, code: str) -> Case:
        """The case of this code as routing has it."""
        root = await self.routing.fetchval("SELECT root_id FROM cases WHERE code = $1", code)
        return (await self.cases([root]))[0]

    async def cases(self, roots: Sequence[UUID]) -> list[Case]:
        """These cases as routing has them."""
        async with transaction(self.routing) as tx:
            found = await cases.read_cases(tx, roots)
        return [found[root] for root in roots]

    async def open_cases(self) -> list[Case]:
        """All cases that have not ended, in the order of their codes."""
        rows = await self.routing.fetch(
            """SELECT root_id FROM cases
                WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned') ORDER BY code"""
        )
        return await self.cases([row["root_id"] for row in rows])

    async def act(
        self,
        task: Task,
        act: TaskAct | OfficeRequest,
        *,
        head: bool = False,
        outcome: str | None = None,
        reason: str | None = None,
        details: RequestDetails | None = None,
    ) -> ActResult | Refused:
        """One act of the task's own office, told to everybody."""
        (answer,) = await self.all_act(
            [self.act_of(task, act, head=head, outcome=outcome, reason=reason, details=details)]
        )
        return answer

    def act_of(
        self,
        task: Task,
        act: TaskAct | OfficeRequest,
        *,
        head: bool = False,
        outcome: str | None = None,
        reason: str | None = None,
        details: RequestDetails | None = None,
    ) -> DeskAct:
        """An act of the task's own office, by an officer or by its head."""
        actor = Actor(
            kind="officer",
            id="truongphong" if head else "chuyenvien",
            role="leader" if head else "specialist",
            office=task.office,
        )
        details = details or RequestDetails()
        return DeskAct(task.id, act, task.office, actor, outcome=outcome, reason=reason, details=details)

    async def all_act(self, acts: Sequence[DeskAct]) -> list[ActResult | Refused]:
        """Acts of offices, in one transaction, told to everybody."""
        async with transaction(self.routing) as tx:
            answers = await act_on_tasks(tx, acts, await city_rules(tx))
        await self.carry()
        return answers

    async def _new_records(self, service: str, pool: asyncpg.Pool) -> list[Record]:
        """What this service told of cases, dossiers and messages since the last time."""
        rows = await pool.fetch(
            """SELECT position, topic, key, headers, value FROM outbox
                WHERE position > $1 AND topic NOT LIKE 'agency.%' ORDER BY position""",
            self._carried.get(service, 0),
        )
        if rows:
            self._carried[service] = rows[-1]["position"]
        return [
            Record(
                row["topic"],
                partition=0,
                offset=row["position"],
                key=row["key"].encode(),
                value=bytes(row["value"]),
                headers=unpack_headers(row["headers"]),
            )
            for row in rows
        ]


def decoded(records: Iterable[Record], part: type[Body] | None = None) -> list[Event]:
    """The events of these records, or a part of their data."""
    return [
        registry.decode(
            record.topic,
            record.key,
            record.value,
            record.headers,
            place=(record.topic, record.partition, record.offset),
            part=part,
        )
        for record in records
    ]
