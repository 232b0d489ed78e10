"""Cases and contacts as they reach notification, and the desk that writes to people."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.notification.domain import message
from services.notification.domain.email import EmailTemplates
from services.notification.domain.facts import MessageFacts, StepFacts
from services.notification.domain.templates import MessageTemplates, SenderIdentity, load_templates
from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.remember_contact import remember_contact
from services.notification.usecases.render_messages import RenderContext, render_messages
from services.notification.usecases.template_cache import TemplateCache
from shared.actor import system_actor
from shared.clock import CITY_TZ
from shared.counted_days import CountedDays
from shared.db.transaction import transaction
from shared.events import agency, case, contacts, dossier, topics
from shared.events.body import Body, ProcedureRef
from shared.events.case import CaseState
from shared.events.catalogue import CatalogueItemPublished
from shared.events.contacts import Contact, ContactChanged, contact_aad
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch
from shared.security.keyring import Keyring
from shared.security.seal import encrypt_field
from shared.service.catalogue_copy import save_arrivals
from tests.builders.case_updates import extended, finished
from tests.builders.catalogue import items

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=CITY_TZ)
DUE = datetime(2026, 3, 16, 17, 0, tzinfo=CITY_TZ)
SENDER = SenderIdentity("hcc.example.vn", "19001009")
LETTERS = Path("services/notification/templates/mail")
MASTER = bytes(range(32))
BOTH = Contact(phone="+84900000001", email="vidu001@example.vn")

FACTS = MessageFacts(
    code="H26.103.25.7-250908-0112",
    link_ref="7K2M9QXA",
    office="Công an P. Văn Miếu - QTG",
    delivery="electronic",
    private=False,
    accepted_at=FRIDAY,
    due_at=DUE,
    steps=(StepFacts("tra cứu", "search", "Công an TP Hà Nội"),),
    count=(CountedDays(date(2026, 3, 9), date(2026, 3, 16), 6, "sáu ngày làm việc", "six working days"),),
)

WANTED = replace(
    FACTS,
    wanted_by=DUE,
    wanted_count=2,
    items=("Giấy chứng nhận bản gốc", "Hợp đồng thiếu chữ ký"),
    amount=1_500_000,
)
"""The same case while it waits for papers and for a fee."""


AWAITED = (
    message.SUPPLEMENT,
    message.PAYMENT,
    message.YOUR_TURN,
    message.REMINDER,
    message.APPOINTMENT,
)


def facts_of(template: str) -> MessageFacts:
    """A case of which this text can be written."""
    if template == message.ACCEPTED_UNDATED:
        return replace(FACTS, due_at=None)
    return WANTED if template in AWAITED else FACTS


def wordbook() -> MessageTemplates:
    """The catalogue's own texts."""
    return load_templates("test", items()["messages"], SENDER)


@dataclass(frozen=True)
class CaseEvents:
    """One dossier as the bus tells of it."""

    root: UUID
    subject: UUID
    code: str = "H26.X-260306-0001"
    channel: str = "online"
    procedure: str = "judicial-record-1"

    def opened(self) -> Event:
        """The case was opened: the dossier is in."""
        return self._event(case.OPENED, dossier.SUBMITTED, state="submitted")

    def accepted(self, due: datetime | None = DUE) -> Event:
        """The counter accepted it."""
        return self._event(
            case.UPDATED,
            dossier.ACCEPTED,
            state="accepted",
            accepted_at=FRIDAY,
            promised_due_at=due,
        )

    def date_moved(self, to: datetime) -> Event:
        """A new calendar moved its date."""
        said = {"promised_due_at": DUE, "current_due_at": to, "moved_from": DUE}
        return self._event(case.MOVED, "calendar.version_published.v1", state="in_process", **said)

    def refused(self, reason: str = "not_for_us") -> Event:
        """The counter did not accept it."""
        return self._event(case.UPDATED, dossier.REFUSED, state="refused", refused_reason=reason)

    def supplement_requested(self, *items: str) -> Event:
        """Papers are asked for, and the clock waits."""
        request = case.CitizenRequest(
            kind="supplement", office="HPOL", asked_at=FRIDAY, answer_by=DUE, nth=1, items=items
        )
        return self._event(
            case.UPDATED, agency.SUPPLEMENT_ASKED, state="supplement_requested", request=request
        )

    def answered(self) -> Event:
        """The papers were brought, and the work goes on."""
        return self._event(case.UPDATED, dossier.SUPPLEMENTED, state="in_process")

    def withdrawing(self) -> Event:
        """The person asks to take it back, while papers are waited for."""
        owed = self.supplement_requested("Giấy chứng nhận bản gốc").data.request
        said = {"state": "withdrawal_requested", "request": owed}
        return self._event(case.UPDATED, dossier.WITHDRAWAL_REQUESTED, **said)

    def turn_came(self) -> Event:
        """A step waits for the person's own act."""
        turn = case.StepState(
            task_id=uuid4(),
            step="pay_tax",
            title_vi="nộp thuế",
            title_en="pay the tax",
            office="HPOL",
            office_short="CA TP",
            state="queued",
            due_at=DUE,
            actor="citizen",
        )
        return self._event(case.UPDATED, agency.DONE, state="in_process", steps=[turn])

    def reminded(self) -> Event:
        """The time to bring the papers is nearly over."""
        asked = self.supplement_requested("Giấy chứng nhận bản gốc").data
        deadline = case.DeadlineState(
            scope="request",
            level="one_day",
            due_at=DUE,
            at=FRIDAY,
            late_by=0,
            to="citizen",
            office="HPOL",
            office_short="CA TP",
        )
        said = {
            "because": case.WARNING,
            "because_id": "reminder-1",
            "deadline": deadline,
        }
        told = self._event(case.WARNING, case.WARNING, state="supplement_requested")
        return replace(told, data=extended(asked, case.DeadlineFired, **said))

    def stopped(self, reason: str) -> Event:
        """A second person confirmed the stop."""
        said = {"state": "stopped", "completed_at": DUE, "stopped_reason": reason}
        return self._event(case.UPDATED, agency.STOP_ASKED, **said)

    def extended(self, to: datetime, why: str | None = None) -> Event:
        """The head gave it more time."""
        said = {"promised_due_at": DUE, "current_due_at": to, "extension_reason": why}
        return self._event(case.UPDATED, agency.EXTENSION_ASKED, state="in_process", **said)

    def started(self) -> Event:
        """An office began to work: nothing the citizen is written about."""
        return self._event(case.UPDATED, "task.started.v1", state="in_process")

    def completed(self) -> Event:
        """There is a result."""
        return self._event(case.COMPLETED, "task.completed.v1", state="completed", completed_at=DUE)

    def ended_apart(self) -> Event:
        """An interlinked procedure in which the certificate was granted and the allowance was not."""
        words = {"death": ("khai tử", "granted"), "survivor": ("tử tuất", "denied")}
        steps = [finished(name, outcome, title_vi=title) for name, (title, outcome) in words.items()]
        said = {"state": "completed", "completed_at": DUE, "outcome": "denied", "steps": steps}
        return self._event(case.COMPLETED, "task.completed.v1", **said)

    def contact(self, contact: Contact, key: bytes) -> Event:
        """How to reach the person, sealed as intake seals it."""
        sealed = encrypt_field(key, contact.to_bytes(), aad=contact_aad(self.subject))
        data = ContactChanged(subject_ref=self.subject, sealed=base64.b64encode(sealed).decode())
        return _event(topics.CITIZEN_CONTACTS.name, contacts.CHANGED, str(self.subject), data)

    def _event(self, type: str, because: str, **said: Any) -> Event:
        said = {"steps": []} | said
        data = CaseState(
            code=self.code,
            subject_ref=self.subject,
            link_ref="7K2M9QXA",
            kind="statutory",
            because=because,
            because_id=f"{self.root}/{because}",
            receiving_office="HPOL",
            receiving_office_short="Công an TP Hà Nội",
            delivery="electronic",
            submitted_at=FRIDAY,
            **said,
        )
        told = _event(topics.CASE_UPDATES.name, type, str(self.root), data)
        return replace(
            told,
            dossier_id=self.root,
            procedure=ProcedureRef(code=self.procedure, version=1),
            channel=self.channel,
        )


def dossiers(count: int, **rest: Any) -> list[CaseEvents]:
    """So many different dossiers of different people."""
    return [CaseEvents(uuid4(), uuid4(), f"H26.X-260306-{n:04d}", **rest) for n in range(1, count + 1)]


def batch(events: Sequence[Event]) -> Batch[Event]:
    """Events as a handler gets them."""
    return Batch(list(events))


class Office:
    """Notification without Kafka: its pool, its keys, its desk."""

    def __init__(self, pool: asyncpg.Pool, keys: asyncpg.Pool) -> None:
        self.pool = pool
        self.keyring = Keyring(keys, MASTER)
        self.words = TemplateCache(SENDER)
        self.desk = RenderContext(self.keyring, self.words, EmailTemplates(LETTERS))

    async def learn(self) -> None:
        """The catalogue has been published."""
        async with transaction(self.pool) as tx:
            published = [
                CatalogueItemPublished(item=item, digest="1", content=dict(content))
                for item, content in items().items()
            ]
            await save_arrivals(tx, published)

    async def hear(self, *events: Event) -> None:
        """Case updates arrive."""
        async with transaction(self.pool) as tx:
            await plan_messages(tx, batch(events), template_cache=self.words)

    async def meet(self, told: Sequence[CaseEvents], contact: Contact = BOTH) -> None:
        """These people's contacts arrive."""
        keys = await self.keyring.get_or_create_keys([each.subject for each in told])
        events = [each.contact(contact, keys[each.subject]) for each in told]
        async with transaction(self.pool) as tx:
            await remember_contact(tx, batch(events))

    async def write(self) -> int:
        """Write what can be written."""
        return await render_messages(self.pool, self.desk)

    async def states(self) -> list[tuple[str, str, str]]:
        """Template, channel and state of every message."""
        rows = await self.pool.fetch(
            "SELECT template, channel, state FROM messages ORDER BY template, channel"
        )
        return [tuple(row) for row in rows]


def _event(topic: str, type: str, key: str, data: Body) -> Event:
    return Event(
        id=uuid4(),
        type=type,
        source="/routing",
        key=key,
        time=FRIDAY,
        seq=1,
        data=data,
        actor=system_actor("routing"),
        topic=topic,
    )
