"""Years of finished dossiers in the real tables, made by the database itself from a series of numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import asyncpg

from tests.databases import Database

ROWS_A_DOSSIER = 11
CHUNK = 100_000
MOST_BYTES = 10 * 2**30
FREE_BYTES = 20 * 2**30

_INTAKE = (
    """INSERT INTO intake.dossiers (id, root_id, code, state, procedure, version, channel, subject_ref,
           person_ref, link_ref, secret_mac, place, routing_facts, papers, wanted, delivery, filed_by,
           receiving_office, competent_office, submitted_at, answer_by, auto_accepted, accepted_at)
       SELECT id, id, 'H26.OLD-250101-' || n, 'accepted', 'judicial-record-1', 1, 'online',
              md5('subject' || n)::uuid, sha256(n::text::bytea), upper(substr(md5('link' || n), 1, 8)),
              sha256(n::text::bytea), '{}', '{"for_use": "old"}', '[]', '[]', 'electronic', 'self', 'HPOL',
              'HPOL', at, at, true, at FROM old
           ON CONFLICT DO NOTHING""",
    """INSERT INTO intake.submissions (key, body_mac, dossier_id)
       SELECT md5('key' || n)::uuid, sha256(n::text::bytea), id FROM old JOIN intake.dossiers USING (id)""",
    "INSERT INTO intake.audit_heads (root_id, n, hash) SELECT id, 1, sha256('h') FROM old",
    """INSERT INTO intake.audit_lines (root_id, n, at, actor, act, facts, salt, commitment, previous, hash)
       SELECT id, 1, at, '{"kind": "citizen"}', 'dossier.submitted', '{"channel": "online"}',
              sha256('s'), sha256('c'), sha256('p'), sha256('h') FROM old""",
    "INSERT INTO intake.sequence_given (topic, key, seq) SELECT 'dossier.events', id::text, 2 FROM old",
)
_ROUTING = (
    """INSERT INTO routing.cases (root_id, code, kind, state, procedure, version, channel, subject_ref,
           link_ref, place, facts, delivery, filed_by, receiving_office, receiving_short, auto_accept,
           submitted_at, accepted_at, explanation, completed_at, outcome)
       SELECT id, 'H26.OLD-250101-' || n, 'statutory', 'completed', 'judicial-record-1', 1, 'online',
              md5('subject' || n)::uuid, 'OLDLINKS', '{}', '{}', 'electronic', 'self', 'HPOL', 'Old', true,
              at, at, '[]', at, 'granted' FROM old""",
    """INSERT INTO routing.tasks (task_id, root_id, n, step, role, title_vi, title_en, office, office_short,
           after, unit, amount, excluded, state, desk, party, to_topic, due_at, queued_at, done_at, outcome)
       SELECT md5('task' || n || step)::uuid, id, 1, step, 'HPOL', 'cũ', 'old', 'HPOL', 'Old', '{}',
              'working_day', 1, false, 'done', 'HPOL', 'city-police', true, at, at, at, 'done'
         FROM old, unnest(ARRAY['search', 'issue']) AS step""",
    """INSERT INTO routing.case_history (root_id, at, type, because, because_id, state, actor)
       SELECT id, at, told, 'dossier.accepted.v1', n::text, 'completed', '{"kind": "system"}'
         FROM old, unnest(ARRAY['case.opened.v1', 'dossier.completed.v1']) AS told""",
    "INSERT INTO routing.sequence_seen (topic, key, seq) SELECT 'dossier.events', id::text, 2 FROM old",
)
_SERIES = """
CREATE TEMP TABLE old ON COMMIT DROP AS
SELECT n, md5('old dossier ' || n)::uuid AS id,
       timestamptz '2025-01-02 09:00+07' + n * interval '1 second' AS at
  FROM generate_series($1::bigint, $2::bigint) AS n"""


class NoRoomError(RuntimeError):
    """The disk, or the bound of the bench, does not allow so much."""


async def fill(database: Database, rows: int, folder: Path) -> int:
    """About so many rows over both services; the bytes they take. Raises NoRoomError before it hurts."""
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise NoRoomError(f"{free / 2**30:.0f} GiB are free, {FREE_BYTES / 2**30:.0f} are wanted")
    connection = await asyncpg.connect(database.city_admin_url)
    try:
        size = await _size(connection)
        for first in range(1, rows // ROWS_A_DOSSIER + 1, CHUNK):
            await _chunk(connection, first, min(first + CHUNK - 1, rows // ROWS_A_DOSSIER))
            if await _size(connection) - size > MOST_BYTES:
                raise NoRoomError(f"more than {MOST_BYTES / 2**30:.0f} GiB after {first} dossiers")
        await connection.execute("VACUUM ANALYZE")
        return await _size(connection) - size
    finally:
        await connection.close()


async def _chunk(connection: asyncpg.Connection, first: int, last: int) -> None:
    async with connection.transaction():
        await connection.execute(_SERIES.replace("$1", str(first)).replace("$2", str(last)))
        for statement in (*_INTAKE, *_ROUTING):
            await connection.execute(statement, timeout=600)


async def _size(connection: asyncpg.Connection) -> int:
    return int(await connection.fetchval("SELECT pg_database_size(current_database())") or 0)
