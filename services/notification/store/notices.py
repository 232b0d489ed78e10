"""MessageFacts that call for a message, and whether the person they are for can be reached yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.notification.domain.facts import MessageFacts
from services.notification.domain.message import MessageTrigger
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


@dataclass(frozen=True, slots=True)
class ReachableNotice:
    """A waiting notice whose contact has come: enough to fetch keys before the transaction begins."""

    id: UUID
    subject_ref: UUID


async def insert(tx: Tx, notices: Sequence[Notice]) -> set[UUID]:
    """Keep those not known yet; answers which are new."""
    rows = await tx.fetch(
        """INSERT INTO notices (id, event_ref, event, subject_ref, root_id, dossier_id, code, template, facts,
                                state, silence, planned_at, traceparent, waits_on)
           SELECT id, event_ref, event, subject_ref, root_id, dossier_id, code, template, facts::jsonb,
                  CASE WHEN silence IS NULL THEN 'waiting' ELSE 'silent' END, silence, planned_at,
                  traceparent, waits_on
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[],
                         $13::text[])
               AS given (id, event_ref, event, subject_ref, root_id, dossier_id, code, template, facts,
                         silence, planned_at, traceparent, waits_on)
           ON CONFLICT (event_ref, event, subject_ref) DO NOTHING RETURNING id""",
        [notice.id for notice in notices],
        [notice.trigger.event_ref for notice in notices],
        [notice.trigger.event for notice in notices],
        [notice.subject_ref for notice in notices],
        [notice.root_id for notice in notices],
        [notice.dossier_id for notice in notices],
        [notice.facts.code for notice in notices],
        [notice.trigger.template for notice in notices],
        [FACTS.dump_json(notice.facts, by_alias=True).decode() for notice in notices],
        [notice.silence for notice in notices],
        [notice.planned_at for notice in notices],
        [notice.traceparent for notice in notices],
        [notice.waits_on for notice in notices],
    )
    return {row["id"] for row in rows}


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
        """SELECT n.id, n.event_ref, n.event, n.subject_ref, n.root_id, n.dossier_id, n.template,
                  n.facts, n.planned_at, n.traceparent, n.waits_on, c.sealed
             FROM notices AS n JOIN contacts AS c USING (subject_ref)
            WHERE n.id = ANY($1) AND n.state = 'waiting'
            ORDER BY n.position FOR UPDATE OF n SKIP LOCKED""",
        list(ids),
    )
    return [(notice_from_row(row), row["sealed"]) for row in rows]


async def mark_handled(tx: Tx, silences: Sequence[tuple[UUID, str | None]]) -> None:
    """These have been addressed, or stay silent for the reason given."""
    await tx.execute(
        """UPDATE notices SET silence = given.silence,
                  state = CASE WHEN given.silence IS NULL THEN 'addressed' ELSE 'silent' END
             FROM unnest($1::uuid[], $2::text[]) AS given (id, silence) WHERE notices.id = given.id""",
        [id for id, _ in silences],
        [silence for _, silence in silences],
    )


def read_facts(document: dict[str, Any]) -> MessageFacts:
    """What a notice may say, from its row."""
    for line in document["count"]:
        line.setdefault("counts", 0)  # rows of before do not say how many units a line counts
    return FACTS.validate_python(document)


def notice_from_row(row: Mapping[str, Any]) -> Notice:
    return Notice(
        id=row["id"],
        trigger=MessageTrigger(row["event"], row["event_ref"], row["template"]),
        subject_ref=row["subject_ref"],
        root_id=row["root_id"],
        dossier_id=row["dossier_id"],
        facts=read_facts(row["facts"]),
        planned_at=row["planned_at"],
        traceparent=row["traceparent"],
        waits_on=row["waits_on"],
    )
