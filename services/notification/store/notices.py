"""The table `notices`: facts that need a message, and whether their person can be reached yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from pydantic import TypeAdapter

from services.notification.domain.facts import MessageFacts
from services.notification.domain.message import MessageTrigger
from shared.db.table import Table, json_parameter
from shared.db.transaction import Tx

FACTS = TypeAdapter(MessageFacts)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice. `silence`: why no message is sent; `waits_on`: the action it asks for."""

    id: UUID
    trigger: MessageTrigger
    subject_ref: UUID
    root_id: UUID
    dossier_id: UUID | None
    facts: MessageFacts
    planned_at: datetime
    silence: str | None = None
    traceparent: str | None = None
    waits_on: str | None = None

    @property
    def code(self) -> str:
        """The dossier code."""
        return self.facts.code

    @property
    def state(self) -> str:
        """The stored state: `waiting` for the contact, or `silent`."""
        if self.silence is None:
            return "waiting"
        return "silent"


def read_facts(document: dict[str, Any]) -> MessageFacts:
    """The facts of a notice, from its JSON column."""
    for line in document["count"]:
        line.setdefault("counts", 0)  # older rows have no number of units
    return FACTS.validate_python(document)


def _facts_document(facts: MessageFacts) -> orjson.Fragment:
    return orjson.Fragment(FACTS.dump_json(facts, by_alias=True))


TABLE = Table(
    "notices",
    Notice,
    key="id",
    source={
        "event_ref": "trigger.event_ref",
        "event": "trigger.event",
        "template": "trigger.template",
        "code": "code",
        "state": "state",
    },
    shapes={"facts": (_facts_document, read_facts)},
)
COLUMNS = TABLE.columns


@dataclass(frozen=True, slots=True)
class ReachableNotice:
    """A waiting notice whose contact is stored: what is needed to fetch keys before the transaction."""

    id: UUID
    subject_ref: UUID


async def insert(tx: Tx, notices: Sequence[Notice]) -> set[UUID]:
    """Insert notices that do not exist yet. Returns the ids of the new ones."""
    return await TABLE.insert_new(tx, notices, unique="event_ref, event, subject_ref")


async def list_reachable(tx: Tx | asyncpg.Pool, limit: int) -> list[ReachableNotice]:
    """Waiting notices whose contact is stored, oldest first. Takes no lock."""
    rows = await tx.fetch(
        """SELECT id, subject_ref FROM notices JOIN contacts USING (subject_ref)
            WHERE state = 'waiting' ORDER BY position LIMIT $1""",
        limit,
    )
    return [ReachableNotice(row["id"], row["subject_ref"]) for row in rows]


async def lock_waiting(tx: Tx, ids: Sequence[UUID]) -> list[tuple[Notice, bytes]]:
    """Lock those that still wait, oldest first, each with its encrypted contact."""
    rows = await tx.fetch(
        f"""SELECT {TABLE.columns_of("n")}, c.sealed
             FROM notices AS n JOIN contacts AS c USING (subject_ref)
            WHERE n.id = ANY($1) AND n.state = 'waiting'
            ORDER BY n.position FOR UPDATE OF n SKIP LOCKED""",  # noqa: S608  (our own columns)
        list(ids),
    )
    return [(TABLE.read(row), row["sealed"]) for row in rows]


async def mark_handled(tx: Tx, silences: Sequence[tuple[UUID, str | None]]) -> None:
    """Mark notices as addressed, or as silent where a reason is given (id, reason)."""
    await tx.execute(
        f"""UPDATE notices SET silence = given.silence,
                  state = CASE WHEN given.silence IS NULL THEN 'addressed' ELSE 'silent' END
             FROM {TABLE.rows_sql} WHERE notices.id = given.id""",  # noqa: S608  (our own table)
        json_parameter([{"id": id, "silence": silence} for id, silence in silences]),
    )
