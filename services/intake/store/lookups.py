"""Queries on `dossiers`: by code, link or id, and the queue of a counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier
from services.intake.store.rows import COLUMNS, dossier_from_row
from shared.clock import to_city_time
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class DossierWithSecret:
    """A dossier with the stored hash of its secret."""

    dossier: Dossier
    secret_mac: bytes


@dataclass(frozen=True, slots=True)
class CounterDay:
    """How many dossiers a receiving office decided today."""

    accepted: int
    refused: int


async def by_code(tx: Tx, code: str) -> DossierWithSecret | None:
    """The dossier of this code."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM dossiers WHERE code = $1", code)  # noqa: S608
    return _with_secret(row) if row else None


async def lock_by_code(tx: Tx, code: str) -> DossierWithSecret | None:
    """The dossier of this code, locked until the end of the transaction."""
    row = await tx.fetchrow(
        f"SELECT {COLUMNS} FROM dossiers WHERE code = $1 FOR UPDATE",  # noqa: S608
        code,
    )
    return _with_secret(row) if row else None


async def existing_ids(tx: Tx, roots: Sequence[UUID]) -> set[UUID]:
    """Those of these ids that exist."""
    rows = await tx.fetch("SELECT root_id FROM dossiers WHERE id = ANY($1)", list(roots))
    return {row["root_id"] for row in rows}


async def by_links(tx: Tx, link_refs: Sequence[str]) -> list[DossierWithSecret]:
    """The dossiers with one of these link references."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM dossiers WHERE link_ref = ANY($1)",  # noqa: S608
        list(link_refs),
    )
    return [_with_secret(row) for row in rows]


async def by_id(tx: Tx, id: UUID) -> Dossier | None:
    """The dossier of this id."""
    row = await tx.fetchrow(f"SELECT {COLUMNS} FROM dossiers WHERE id = $1", id)  # noqa: S608
    return dossier_from_row(row) if row else None


async def all_dossiers(tx: Tx) -> list[Dossier]:
    """All dossiers in the order of codes. Only for dumps and checks: there is no limit."""
    rows = await tx.fetch(f"SELECT {COLUMNS} FROM dossiers ORDER BY code")  # noqa: S608
    return [dossier_from_row(row) for row in rows]


async def list_waiting(
    tx: Tx, offices: Sequence[str] | None, *, limit: int, offset: int, state: str = "submitted"
) -> list[Dossier]:
    """Dossiers in a state at these receiving offices (None: all), longest waiting first."""
    rows = await tx.fetch(
        f"""SELECT {COLUMNS} FROM dossiers
             WHERE state = $4::dossier_state AND ($1::text[] IS NULL OR receiving_office = ANY($1))
             ORDER BY submitted_at, id LIMIT $2 OFFSET $3""",  # noqa: S608
        None if offices is None else list(offices),
        limit,
        offset,
        state,
    )
    return [dossier_from_row(row) for row in rows]


async def count_waiting(tx: Tx, offices: Sequence[str] | None) -> int:
    """The number of dossiers that wait at these offices (None: all)."""
    count: int | None = await tx.fetchval(
        """SELECT count(*) FROM dossiers
            WHERE state = 'submitted' AND ($1::text[] IS NULL OR receiving_office = ANY($1))""",
        None if offices is None else list(offices),
    )
    return count or 0


async def count_decided_since(tx: Tx, offices: Sequence[str] | None, since: datetime) -> CounterDay:
    """The number of dossiers accepted and refused at these offices since an instant."""
    row = await tx.fetchrow(
        """SELECT count(*) FILTER (WHERE state = 'accepted') AS accepted,
                  count(*) FILTER (WHERE state = 'refused') AS refused
             FROM dossiers
            WHERE ($1::text[] IS NULL OR receiving_office = ANY($1))
              AND (accepted_at >= $2 OR refused_at >= $2)""",
        None if offices is None else list(offices),
        to_city_time(since),
    )
    return CounterDay(**dict(row)) if row else CounterDay(0, 0)


def _with_secret(row: Mapping[str, Any]) -> DossierWithSecret:
    return DossierWithSecret(dossier_from_row(row), row["secret_mac"])
