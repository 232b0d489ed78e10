"""The door over HTTP without its relay: intake's own app over its tables, or over a database of memory."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from services.intake.config import IntakeSettings
from services.intake.domain.submission.filing_limits import FilingLimits
from services.intake.main import create_service
from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.keys import IntakeKeys
from shared.catalogue import Catalogue
from shared.db.pool import create_pool
from shared.messaging.consume.broker import Broker
from shared.observability.logs import configure_logging
from shared.security.keyring import Keyring
from shared.web.serve import freeze_gc
from tests.bench.catalogue import catalogue
from tests.bench.peers.memory import MemoryPool
from tests.bench.program import Obey, obey
from tests.bench.serving import nothing, serving
from tests.builders.services import opened

MASTER = bytes(range(32))
NO_LIMITS = FilingLimits(phone=0, email=0, person=0, address=0)
NOWHERE = "127.0.0.1:9"


class FixedCatalogue(CatalogueReplica):
    """A catalogue that is there from the start."""

    def __init__(self, pool: Any, fixed: Catalogue) -> None:
        super().__init__(pool)
        self._catalogue = fixed


async def open_door(said: dict[str, Any]) -> IntakeContext:
    """A door as the service makes it; without a database address everything is kept in memory."""
    if said["database"] is None:
        pool: Any = MemoryPool()
        keys: Any = MemoryPool()
    else:
        pool = await create_pool(said["database"], application="intake")
        keys = await create_pool(said["keyring"], min_size=1, max_size=4)
    copy = FixedCatalogue(pool, catalogue(Path(said["catalogue"])))
    return IntakeContext(pool, Keyring(keys, MASTER), IntakeKeys.derive(MASTER), copy, limits=NO_LIMITS)


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Answers on the port it was given."""
    configure_logging("intake", "json")
    door = await open_door(said)
    settings = IntakeSettings.model_validate(
        dict.fromkeys(("database_url", "keyring_url"), "unused")
        | {"master_key": _text(MASTER), "kafka": NOWHERE, "queue_seconds": 60}
    )
    app = opened(create_service(settings, door, Broker(NOWHERE, pool=door.pool, service="intake")))
    freeze_gc()
    async with serving(app, said["port"], access_log=False, server_header=False):
        yield nothing


def _text(key: bytes) -> str:
    return b64encode(key).decode()


if __name__ == "__main__":
    obey(main)
