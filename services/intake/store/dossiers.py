"""The table `dossiers`: new ones, locked ones, changed ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.intake.domain.dossier.dossier import Dossier
from services.intake.store.rows import (
    COLUMNS,
    dossier_from_row,
    explanation_json_text,
    json_text,
    papers_json_text,
)
from shared.db.transaction import Tx


class ReferenceCollision(Exception):
    """A random reference was drawn twice: draw again."""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier with what is kept beside it only to find and to prove."""

    dossier: Dossier
    person_ref: bytes
    secret_mac: bytes


_INSERT = """
INSERT INTO dossiers (id, root_id, code, state, procedure, version, channel, subject_ref, person_ref,
    link_ref, secret_mac, place, routing_facts, papers, wanted, delivery, filed_by, receiving_office,
    competent_office, submitted_at, answer_by, auto_accepted, accepted_at, promised_due_at, explanation,
    refused_at, refused_reason, refused_rule)
SELECT id, root_id, code, state::dossier_state, procedure, version, channel, subject_ref, person_ref,
    link_ref, secret_mac, place::jsonb, routing_facts::jsonb, papers::jsonb, wanted::jsonb, delivery,
    filed_by, receiving_office, competent_office, submitted_at, answer_by, auto_accepted, accepted_at,
    promised_due_at, explanation::jsonb, refused_at, refused_reason, refused_rule
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::uuid[],
    $9::bytea[], $10::text[], $11::bytea[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[],
    $17::text[], $18::text[], $19::text[], $20::timestamptz[], $21::timestamptz[], $22::bool[],
    $23::timestamptz[], $24::timestamptz[], $25::text[], $26::timestamptz[], $27::text[], $28::text[])
    AS new (id, root_id, code, state, procedure, version, channel, subject_ref, person_ref, link_ref,
    secret_mac, place, routing_facts, papers, wanted, delivery, filed_by, receiving_office, competent_office,
    submitted_at, answer_by, auto_accepted, accepted_at, promised_due_at, explanation, refused_at,
    refused_reason, refused_rule)"""

_DECIDE = """
UPDATE dossiers
   SET state = new.state::dossier_state, version = new.version, accepted_at = new.accepted_at,
       promised_due_at = new.promised_due_at, explanation = new.explanation::jsonb,
       refused_at = new.refused_at, refused_reason = new.refused_reason, refused_rule = new.refused_rule
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::text[],
       $7::timestamptz[], $8::text[], $9::text[])
       AS new (id, state, version, accepted_at, promised_due_at, explanation, refused_at, refused_reason,
       refused_rule)
 WHERE dossiers.id = new.id"""


@contextmanager
def detect_collision() -> Iterator[None]:
    """Raises ReferenceCollision if a dossier inserted within has a random reference that exists."""
    try:
        yield
    except asyncpg.UniqueViolationError as violation:
        if getattr(violation, "table_name", None) != "dossiers":
            raise
        raise ReferenceCollision from violation


async def insert(tx: Tx, new_rows: Sequence[DossierRow]) -> None:
    """New dossiers, one statement for all; within `detect_collision`."""
    rows = [_row(row) for row in new_rows]
    await tx.execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))


async def lock(tx: Tx, codes: Sequence[str]) -> dict[str, Dossier]:
    """The dossiers of these codes, locked in id order so that two batches cannot deadlock."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM dossiers WHERE code = ANY($1) ORDER BY id FOR UPDATE",  # noqa: S608  (our own columns)
        list(codes),
    )
    return {row["code"]: dossier_from_row(row) for row in rows}


async def subject_refs(tx: Tx, codes: Sequence[str]) -> dict[str, UUID]:
    """Whom these dossiers concern, as references."""
    rows = await tx.fetch("SELECT code, subject_ref FROM dossiers WHERE code = ANY($1)", list(codes))
    return {row["code"]: row["subject_ref"] for row in rows}


async def save_decisions(tx: Tx, changed: Sequence[Dossier]) -> None:
    """Accepted and refused ones, one statement for all."""
    await tx.execute(
        _DECIDE,
        [dossier.id for dossier in changed],
        [dossier.state.value for dossier in changed],
        [dossier.version for dossier in changed],
        [dossier.accepted_at for dossier in changed],
        [dossier.promised_due_at for dossier in changed],
        [explanation_json_text(dossier.explanation) for dossier in changed],
        [dossier.refused_at for dossier in changed],
        [dossier.refused_reason for dossier in changed],
        [dossier.refused_rule for dossier in changed],
    )


async def save_changes(tx: Tx, changed: Sequence[Dossier]) -> None:
    """What happened before acceptance, one statement for all."""
    await tx.execute(
        """UPDATE dossiers
              SET state = new.state::dossier_state, papers = new.papers::jsonb, wanted = new.wanted::jsonb,
                  answer_by = new.answer_by, asked = new.asked::jsonb, supplements = new.supplements,
                  resume_to = new.resume_to::dossier_state, stopped_at = new.stopped_at,
                  stopped_reason = new.stopped_reason
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
                  $7::int[], $8::text[], $9::timestamptz[], $10::text[])
                  AS new (id, state, papers, wanted, answer_by, asked, supplements, resume_to, stopped_at,
                  stopped_reason)
            WHERE dossiers.id = new.id""",
        [dossier.id for dossier in changed],
        [dossier.state.value for dossier in changed],
        [papers_json_text(dossier.papers) for dossier in changed],
        [json_text([paper.any_of for paper in dossier.wanted]) for dossier in changed],
        [dossier.answer_by for dossier in changed],
        [json_text(dossier.asked) if dossier.asked else None for dossier in changed],
        [dossier.supplements for dossier in changed],
        [dossier.resume_to for dossier in changed],
        [dossier.stopped_at for dossier in changed],
        [dossier.stopped_reason for dossier in changed],
    )


def _row(row: DossierRow) -> tuple[object, ...]:
    d = row.dossier
    return (
        d.id, d.root_id, d.code, d.state.value, d.procedure, d.version, d.channel, d.subject_ref,
        row.person_ref, d.link_ref, row.secret_mac, json_text(dict(d.place)),
        json_text(dict(d.routing_facts)), papers_json_text(d.papers),
        json_text([paper.any_of for paper in d.wanted]), d.delivery, d.filed_by,
        d.receiving_office, d.competent_office, d.submitted_at, d.answer_by, d.auto_accepted, d.accepted_at,
        d.promised_due_at, explanation_json_text(d.explanation), d.refused_at, d.refused_reason,
        d.refused_rule,
    )  # fmt: skip
