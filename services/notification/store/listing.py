"""Queries for operators: messages of a dossier, figures, and messages that need a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.db.transaction import Tx

LIMIT = 200


async def list_of_dossier(tx: Tx | asyncpg.Pool, code: str) -> Sequence[Mapping[str, Any]]:
    """Messages and silences of one dossier, oldest first."""
    return await tx.fetch(
        """SELECT m.id, n.template, m.channel, m.state, m.reason, m.subject_ref, m.sealed, m.encoding,
                  m.segments, n.planned_at, m.sent_at, m.settled_at,
                  n.state AS notice_state, n.silence, n.event
             FROM notices AS n LEFT JOIN messages AS m ON m.notice_id = n.id
            WHERE n.code = $1 ORDER BY n.position, m.channel DESC""",
        code,
    )


async def list_problems(tx: Tx | asyncpg.Pool, state: str | None) -> Sequence[Mapping[str, Any]]:
    """Failed and ambiguous messages, newest first."""
    return await tx.fetch(
        """SELECT id, code, template, channel, state, reason, subject_ref, sealed, planned_at, settled_at
             FROM messages WHERE state IN ('failed', 'ambiguous') AND ($1::text IS NULL OR state = $1)
            ORDER BY position DESC LIMIT $2""",
        state,
        LIMIT,
    )


async def counts(tx: Tx | asyncpg.Pool, since: datetime) -> Sequence[Mapping[str, Any]]:
    """The number of messages by channel and state, in all and since an instant."""
    return await tx.fetch(
        """SELECT channel, state, count(*) AS all, count(*) FILTER (WHERE planned_at >= $1) AS recent
             FROM messages GROUP BY channel, state ORDER BY channel, state""",
        since,
    )


async def count_silences(tx: Tx | asyncpg.Pool) -> Sequence[Mapping[str, Any]]:
    """The number of silences by template and reason."""
    return await tx.fetch(
        """SELECT template, silence, count(*) AS count FROM notices WHERE state = 'silent'
            GROUP BY template, silence ORDER BY count DESC"""
    )


async def dump_rows(tx: Tx) -> Sequence[Mapping[str, Any]]:
    """All messages and silences, for dumps."""
    return await tx.fetch(
        """SELECT n.code, n.template, n.event, n.silence, n.state AS notice_state, n.planned_at,
                  n.facts ->> 'link_ref' AS link_ref, m.id, m.subject_ref, m.channel, m.sealed, m.state,
                  m.reason, m.encoding, m.segments, m.sent_at, m.settled_at
             FROM notices AS n LEFT JOIN messages AS m ON m.notice_id = n.id
            ORDER BY n.code, n.planned_at, n.template, m.channel"""
    )


def subject_refs(rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """The references of the people whose keys these rows need."""
    return sorted({row["subject_ref"] for row in rows if row["subject_ref"]})
