"""The table `dossiers`: new ones, locked ones, changed ones."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.intake.domain.dossier.dossier import Dossier
from services.intake.store.rows import BEFORE_ACCEPTANCE, COLUMNS, DECISION, TABLE, dossier_from_row
from shared.db.transaction import Tx


class ReferenceCollision(Exception):
    """A random reference was drawn twice: draw again."""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier with what is kept beside it only to find and to prove."""

    dossier: Dossier
    person_ref: bytes
    secret_mac: bytes


@contextmanager
def detect_collision() -> Iterator[None]:
    """Raises Collision when a new dossier written within has a random reference that exists already."""
    try:
        yield
    except asyncpg.UniqueViolationError as violation:
        if getattr(violation, "table_name", None) != "dossiers":
            raise
        raise ReferenceCollision from violation


async def insert(tx: Tx, new_rows: Sequence[DossierRow]) -> None:
    """New dossiers, one statement for all; within `drawn_anew`."""
    await TABLE.insert(
        tx,
        [row.dossier for row in new_rows],
        person_ref=[row.person_ref for row in new_rows],
        secret_mac=[row.secret_mac for row in new_rows],
    )


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
    await TABLE.update(tx, changed, only=DECISION)


async def save_changes(tx: Tx, changed: Sequence[Dossier]) -> None:
    """What happened before acceptance, one statement for all."""
    await TABLE.update(tx, changed, only=BEFORE_ACCEPTANCE)
