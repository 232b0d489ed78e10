"""A door over a test's own databases, and submissions to bring to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson

from services.intake.domain.submission.filing_limits import FilingLimits
from services.intake.inbound.api.body import parse_submission
from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.keys import IntakeKeys
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.events.catalogue import CatalogueItemPublished
from shared.messaging.record.batch import Batch
from shared.security.keyring import Keyring
from tests.builders import catalogue as city
from tests.builders.statements import statements

PoolFor = Callable[[str], Awaitable[asyncpg.Pool]]
MASTER = bytes(range(32))
ALPHA = Actor(kind="investor", party="investor-alpha")
FRIDAY = datetime(2026, 3, 6, 9, tzinfo=CITY_TZ)

JUDICIAL: dict[str, Any] = {
    "procedure": "judicial-record-1",
    "channel": "online",
    "place": {},
    "applicant": {"name": "Ngô Ví Dụ Việt", "sex": "nam", "born": "1958-03-01", "id_number": "099058770566"},
    "contact": {"phone": "0900000042", "email": "vidu042@example.vn", "language": "vi", "text": "plain"},
    "filed_by": "self",
    "facts": {"for_use": "xin việc"},
    "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 2571264}],
    "delivery": "electronic",
}
"""Accepted by rule, with a code of our own reference."""

MARRIAGE: dict[str, Any] = JUDICIAL | {
    "procedure": "marriage",
    "place": {"chosen": "00004"},
    "facts": {"resident_here": False},
    "delivery": "counter",
}
"""Waits at the counter of a ward, with one paper still to bring."""

TRANSFER: dict[str, Any] = JUDICIAL | {
    "procedure": "land-transfer",
    "place": {"chosen": "09022", "parcel": "00145"},
    "facts": {"parcel_no": "43", "map_sheet": "37"},
    "papers": [{"type": "MAU18", "file": "mau18.pdf", "bytes": 1000}],
    "delivery": "counter",
}
"""Received by a branch of the Centre, handled by another office."""


class FixedCatalogue(CatalogueReplica):
    """The city's real catalogue, without waiting for it to be published."""

    @property
    def current(self) -> Catalogue:
        """The real one."""
        return city.catalogue()


async def door(pool_for: PoolFor) -> IntakeContext:
    """A door whose city has the real catalogue."""
    pool, keys = await pool_for("intake"), await pool_for("keyring")
    await keys.execute(KEYRING_TABLE)
    keyring = Keyring(keys, MASTER)
    return IntakeContext(pool, keyring, IntakeKeys.derive(MASTER), FixedCatalogue(pool), limits=NO_LIMITS)


NO_LIMITS = FilingLimits(phone=0, email=0, person=0, address=0)
"""Tests file much, as few people and from one address."""

KEYRING_TABLE = """
CREATE TABLE IF NOT EXISTS data_keys (subject_ref uuid PRIMARY KEY, wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now())"""


HOME_PAPERS = [{"type": type, "file": f"{type}.pdf"} for type in ("DON-NOXH", "MAU02", "MAU04")]
"""What buying social housing asks for, whole."""


def body(base: dict[str, Any] = JUDICIAL, **changes: Any) -> dict[str, Any]:
    """A submission's body with some fields changed; `contact__phone=…` reaches inside."""
    made = deepcopy(base)
    for name, value in changes.items():
        head, _, tail = name.partition("__")
        if tail:
            made[head] = {**made[head], tail: value}
        else:
            made[head] = value
    return made


def filing(
    raw: dict[str, Any] | None = None, *, key: UUID | None = None, actor: Actor | None = None
) -> SubmissionRequest:
    """A submission as the edge would have read it."""
    raw = raw if raw is not None else body()
    said, unread = parse_submission(raw)
    mac = IntakeKeys.derive(MASTER).body_mac(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS))
    return SubmissionRequest(key or uuid4(), mac, said, unread, actor)


async def file_dossiers(door: IntakeContext, *filings: SubmissionRequest) -> list[SubmissionReceipt]:
    """The dossiers these became; every one must have come through."""
    outcomes = await submit_dossiers(door, filings)
    assert all(isinstance(outcome, SubmissionReceipt) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, SubmissionReceipt)]


async def publish(copy: CatalogueReplica, pool: asyncpg.Pool) -> None:
    """Give a copy the city's catalogue as the topic would."""
    items = [
        CatalogueItemPublished(item=item, digest="d", content=content)
        for item, content in city.items().items()
    ]

    class _Published:
        def __init__(self, data: CatalogueItemPublished) -> None:
            self.data = data

    async with transaction(pool) as tx:
        await copy.save_published(tx, Batch([_Published(item) for item in items]))  # pyright: ignore[reportArgumentType]  (only `data` is read)


class CountingPool:
    """A pool that notes every statement run on its connections."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool, self.seen = pool, list[str]()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that is listened to."""
        async with self.pool.acquire() as connection:
            with statements(connection) as seen:  # pyright: ignore[reportArgumentType]  (a proxied connection)
                yield connection  # pyright: ignore[reportReturnType]  (the same)
            self.seen += seen
