"""The table `unfair_signs`: signs that an office games the clock, counted by office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.clock.gaming_signs import GamingSign, ObservedSign
from shared.db.table import Table, row_reader
from shared.db.transaction import Tx

LIMIT = 500


@dataclass(frozen=True, slots=True)
class OfficeSignCounts:
    """The number of signs of each kind at one office."""

    office: str
    short: str
    last_moment: int
    repeated: int
    bare_return: int

    @property
    def total(self) -> int:
        """The number of all signs."""
        return self.last_moment + self.repeated + self.bare_return


@dataclass(frozen=True, slots=True)
class SignRow:
    """One sign with its dossier."""

    sign: GamingSign
    at: datetime
    office: str
    office_short: str
    code: str
    procedure: str
    version: int
    state: str
    title_vi: str
    title_en: str
    due_at: datetime | None
    nth: int | None


TABLE = Table(
    "unfair_signs",
    ObservedSign,
    key="n",
    source={
        "root_id": "root",
        "task_id": "task.id",
        "office": "task.office",
        "office_short": "task.office_short",
    },
)
read_sign = row_reader(SignRow)


async def save_signs(tx: Tx, signs: Sequence[ObservedSign]) -> None:
    """Insert signs. Their cases and tasks must be stored before."""
    await TABLE.insert(tx, signs)


async def count_by_office(tx: Tx, since: datetime) -> list[OfficeSignCounts]:
    """The offices with signs since this instant, those with most first."""
    rows = await tx.fetch(
        """SELECT office, max(office_short) AS short,
                  count(*) FILTER (WHERE sign = 'last_moment') AS last_moment,
                  count(*) FILTER (WHERE sign = 'repeated') AS repeated,
                  count(*) FILTER (WHERE sign = 'bare_return') AS bare_return
             FROM unfair_signs WHERE at > $1 GROUP BY office ORDER BY count(*) DESC, office""",
        since,
    )
    return [OfficeSignCounts(**dict(row)) for row in rows]


async def list_signs(
    tx: Tx, since: datetime, *, office: str = "", sign: GamingSign | None = None
) -> list[SignRow]:
    """The signs since this instant, latest first, at most `LIMIT`. `office` empty, `sign` None: all."""
    rows = await tx.fetch(
        """SELECT s.sign, s.at, s.office, s.office_short, c.code, c.procedure, c.version, c.state,
                  t.title_vi, t.title_en, s.due_at, s.nth
             FROM unfair_signs s JOIN cases c USING (root_id) JOIN tasks t USING (task_id)
            WHERE s.at > $1 AND ($2 = '' OR s.office = $2) AND ($3::text IS NULL OR s.sign = $3)
            ORDER BY s.at DESC, s.n DESC LIMIT $4""",
        since,
        office,
        sign,
        LIMIT,
    )
    return [read_sign(row) for row in rows]
