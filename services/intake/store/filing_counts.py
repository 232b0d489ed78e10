"""The table `filing_counts`: dossiers filed without a credential, a day and a keyed hash."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.db.parameter_rows import ParameterRows
from shared.db.transaction import Tx

SWEPT_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class FilingCount:
    """So many filings of one subject."""

    ref: bytes
    filed: int


COUNTS = ParameterRows(FilingCount)


async def lock_counts(tx: Tx, refs: Iterable[bytes], day: date) -> dict[bytes, int]:
    """How much was filed that day, by reference; nobody else counts these until the transaction ends."""
    rows = await tx.fetch(
        f"""INSERT INTO filing_counts AS present (day, ref, filed)
           SELECT $2::date, ref, filed FROM {COUNTS.sql()} ORDER BY ref
               ON CONFLICT (day, ref) DO UPDATE SET filed = present.filed
           RETURNING ref, filed""",  # noqa: S608
        COUNTS.parameter([FilingCount(ref, 0) for ref in sorted(set(refs))]),
        day,
    )
    return {row["ref"]: row["filed"] for row in rows}


async def add(tx: Tx, filed: Mapping[bytes, int], day: date) -> None:
    """Add to locked counts, and delete some of the days before."""
    await tx.execute(
        f"""WITH swept AS (
               DELETE FROM filing_counts WHERE (day, ref) IN (
                   SELECT day, ref FROM filing_counts WHERE day < $2::date - 1
                    LIMIT {SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))
           UPDATE filing_counts AS present SET filed = present.filed + given.filed
             FROM {COUNTS.sql()} WHERE present.day = $2::date AND present.ref = given.ref""",  # noqa: S608
        COUNTS.parameter([FilingCount(ref, number) for ref, number in filed.items()]),
        day,
    )
