"""The table `delivery_receipts`: every receipt as it came, and what was made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

from services.notification.domain.delivery_receipt import RawReceipt
from shared.db.parameter_rows import ParameterRows
from shared.db.transaction import Tx

ReceiptState = Literal["waiting", "matched", "kept"]


@dataclass(frozen=True, slots=True)
class _NewReceipt:
    carrier: str
    message: bytes
    tlvs: bytes


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt that nothing was made of yet."""

    id: int
    raw: RawReceipt


@dataclass(frozen=True, slots=True)
class SettledReceipt:
    """What was made of a receipt. `kept` has a problem; the others a reference and an outcome."""

    id: int
    state: ReceiptState
    carrier_ref: str | None = None
    outcome: str | None = None
    problem: str | None = None
    detail: str | None = None


NEW = ParameterRows(_NewReceipt)
SETTLED = ParameterRows(SettledReceipt)


async def save_raw(tx: Tx | asyncpg.Pool, carrier: str, raw: Sequence[RawReceipt]) -> None:
    """Store receipts as they came, in one statement. Bytes alone: nothing in them can be refused."""
    await tx.execute(
        f"""INSERT INTO delivery_receipts (carrier, message, tlvs)
            SELECT carrier, message, tlvs FROM {NEW.sql()}""",  # noqa: S608  (our own columns)
        NEW.parameter([_NewReceipt(carrier, receipt.message, receipt.tlvs) for receipt in raw]),
    )


async def lock_new(tx: Tx, limit: int) -> list[StoredReceipt]:
    """Lock receipts that nothing was made of yet, in the order in which they came."""
    rows = await tx.fetch(
        """SELECT id, message, tlvs FROM delivery_receipts WHERE state = 'new'
            ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [StoredReceipt(row["id"], RawReceipt(row["message"], row["tlvs"])) for row in rows]


async def earlier_outcomes(tx: Tx, refs: Sequence[str]) -> dict[str, str]:
    """The outcome that an earlier receipt gave for each of these references."""
    rows = await tx.fetch(
        """SELECT carrier_ref, outcome FROM delivery_receipts
            WHERE carrier_ref = ANY($1) AND state IN ('waiting', 'matched')""",
        list(refs),
    )
    return {row["carrier_ref"]: row["outcome"] for row in rows}


async def settle(tx: Tx, receipts: Sequence[SettledReceipt]) -> None:
    """Store what was made of receipts."""
    await tx.execute(
        f"""UPDATE delivery_receipts AS r SET state = given.state, carrier_ref = given.carrier_ref,
                   outcome = given.outcome, problem = given.problem, detail = given.detail
              FROM {SETTLED.sql()} WHERE r.id = given.id""",  # noqa: S608  (our own columns)
        SETTLED.parameter(receipts),
    )


async def delete(tx: Tx, ids: Sequence[int]) -> None:
    """Delete receipts that say nothing new."""
    await tx.execute("DELETE FROM delivery_receipts WHERE id = ANY($1)", list(ids))


async def lock_matching(tx: Tx, limit: int) -> list[SettledReceipt]:
    """Lock waiting receipts whose text is `sent` by now."""
    rows = await tx.fetch(
        """SELECT r.id, r.carrier_ref, r.outcome
             FROM delivery_receipts AS r JOIN messages AS m USING (carrier_ref)
            WHERE r.state = 'waiting' AND m.state = 'sent' AND m.carrier_ref IS NOT NULL
            ORDER BY r.carrier_ref LIMIT $1 FOR UPDATE OF r SKIP LOCKED""",
        limit,
    )
    return [SettledReceipt(row["id"], "matched", row["carrier_ref"], row["outcome"]) for row in rows]


async def keep_unmatched(tx: Tx, older_than_seconds: float) -> list[str]:
    """Keep receipts whose text is not known after this long, for operators. Returns their references."""
    rows = await tx.fetch(
        """UPDATE delivery_receipts SET state = 'kept', problem = 'unknown_message',
                  detail = carrier_ref || ': ' || outcome
            WHERE state = 'waiting' AND received_at < clock_timestamp() - make_interval(secs => $1)
        RETURNING carrier_ref""",
        older_than_seconds,
    )
    return [row["carrier_ref"] for row in rows]


async def forget_old(tx: Tx, *, matched_days: int, kept_days: int, limit: int = 2000) -> None:
    """Delete receipts that nobody will ask for any more."""
    await tx.execute(
        """DELETE FROM delivery_receipts WHERE id IN (
               SELECT id FROM delivery_receipts
                WHERE (state = 'matched' AND received_at < clock_timestamp() - make_interval(days => $1))
                   OR (state = 'kept' AND received_at < clock_timestamp() - make_interval(days => $2))
                LIMIT $3)""",
        matched_days,
        kept_days,
        limit,
    )


async def list_kept(tx: Tx | asyncpg.Pool, limit: int = 100) -> Sequence[Mapping[str, Any]]:
    """Receipts that could not be used, newest first."""
    return await tx.fetch(
        """SELECT id, carrier, problem, detail, received_at FROM delivery_receipts WHERE state = 'kept'
            ORDER BY id DESC LIMIT $1""",
        limit,
    )


async def count_last_hour(tx: Tx | asyncpg.Pool, overdue_seconds: float) -> Mapping[str, int]:
    """Receipts of the last hour of machine time: `all`, and those that do not match a text, `unmatched`.

    One that waits for its text counts as unmatched after `overdue_seconds`.
    """
    row = await tx.fetchrow(
        """SELECT count(*) AS all,
                  count(*) FILTER (WHERE state = 'kept' OR (state <> 'matched'
                      AND received_at < clock_timestamp() - make_interval(secs => $1))) AS unmatched
             FROM delivery_receipts WHERE received_at > clock_timestamp() - interval '1 hour'""",
        overdue_seconds,
    )
    return dict(row or {})
