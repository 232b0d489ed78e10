"""The table `dossiers`: inserts, locks and updates."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from services.intake.domain.dossier.dossier import Dossier
from services.intake.store.rows import BEFORE_ACCEPTANCE, COLUMNS, DECISION, TABLE, dossier_from_row
from shared.db.transaction import Tx


class ReferenceCollision(Exception):
    """A random reference exists already; generate another one."""


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier with the keyed hashes of its person and its secret."""

    dossier: Dossier
    person_ref: bytes
    secret_mac: bytes


@contextmanager
def detect_collision() -> Iterator[None]:
    """Raise ReferenceCollision if an insert within violates a unique key of `dossiers`."""
    try:
        yield
    except asyncpg.UniqueViolationError as violation:
        if getattr(violation, "table_name", None) != "dossiers":
            raise
        raise ReferenceCollision from violation


async def insert(tx: Tx, new_rows: Sequence[DossierRow]) -> None:
    """Insert new dossiers in one statement; call it within `detect_collision`."""
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
    """The reference of the person behind each dossier, by code."""
    rows = await tx.fetch("SELECT code, subject_ref FROM dossiers WHERE code = ANY($1)", list(codes))
    return {row["code"]: row["subject_ref"] for row in rows}


async def save_decisions(tx: Tx, changed: Sequence[Dossier]) -> None:
    """Store acceptances and refusals, in one statement."""
    await TABLE.update(tx, changed, only=DECISION)


async def save_changes(tx: Tx, changed: Sequence[Dossier]) -> None:
    """Store what acts before acceptance changed, in one statement."""
    await TABLE.update(tx, changed, only=BEFORE_ACCEPTANCE)
