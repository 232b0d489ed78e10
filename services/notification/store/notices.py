"""MessageFacts that call for a message, and whether the person they are for can be reached yet."""

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
    """A notice as it is kept. `silence` is the signed reason for saying nothing."""

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
        """The code of its dossier."""
        return self.facts.code

    @property
    def state(self) -> str:
        """As it is kept: it waits for its contact, or says nothing."""
        return "waiting" if self.silence is None else "silent"


def read_facts(document: dict[str, Any]) -> MessageFacts:
    """What a notice may say, from its row."""
    for line in document["count"]:
        line.setdefault("counts", 0)  # rows of before do not say how many units a line counts
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
    """A waiting notice whose contact has come: enough to fetch keys before the transaction begins."""

    id: UUID
    subject_ref: UUID


async def insert(tx: Tx, notices: Sequence[Notice]) -> set[UUID]:
    """Keep those not known yet; answers which are new."""
    return await TABLE.insert_new(tx, notices, unique="event_ref, event, subject_ref")


async def list_reachable(tx: Tx | asyncpg.Pool, limit: int) -> list[ReachableNotice]:
    """Waiting notices whose contact is here, oldest first. Takes no lock."""
    rows = await tx.fetch(
        """SELECT id, subject_ref FROM notices JOIN contacts USING (subject_ref)
            WHERE state = 'waiting' ORDER BY position LIMIT $1""",
        limit,
    )
    return [ReachableNotice(row["id"], row["subject_ref"]) for row in rows]


async def lock_waiting(tx: Tx, ids: Sequence[UUID]) -> list[tuple[Notice, bytes]]:
    """Those of these still waiting, locked, each with its sealed contact, oldest first."""
    rows = await tx.fetch(
        f"""SELECT {TABLE.columns_of("n")}, c.sealed
             FROM notices AS n JOIN contacts AS c USING (subject_ref)
            WHERE n.id = ANY($1) AND n.state = 'waiting'
            ORDER BY n.position FOR UPDATE OF n SKIP LOCKED""",  # noqa: S608  (our own columns)
        list(ids),
    )
    return [(TABLE.read(row), row["sealed"]) for row in rows]


async def mark_handled(tx: Tx, silences: Sequence[tuple[UUID, str | None]]) -> None:
    """These have been addressed, or stay silent for the reason given."""
    await tx.execute(
        f"""UPDATE notices SET silence = given.silence,
                  state = CASE WHEN given.silence IS NULL THEN 'addressed' ELSE 'silent' END
             FROM {TABLE.rows_sql} WHERE notices.id = given.id""",  # noqa: S608  (our own table)
        json_parameter([{"id": id, "silence": silence} for id, silence in silences]),
    )
