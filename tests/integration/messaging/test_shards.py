"""Who may send what, among relays of one service."""

import pytest

from shared.messaging.publish.shards import ShardLocks
from shared.messaging.publish.wakeup import WakeupEvent
from shared.messaging.record.murmur2 import SHARDS
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration
ALL = frozenset(range(SHARDS))


async def test_two_relays_share_the_shards_evenly_and_the_one_left_over_takes_them_all(
    database: Database,
) -> None:
    first, second = (ShardLocks(database.url("intake"), WakeupEvent()) for _ in range(2))
    await first.open()
    assert first.locked_shards == ALL
    await second.open()
    assert second.locked_shards == frozenset()

    await first.rebalance()
    await second.rebalance()
    assert len(first.locked_shards) == len(second.locked_shards) == SHARDS // 2
    assert first.locked_shards | second.locked_shards == ALL

    await first.close()

    async def has_all() -> bool:
        await second.rebalance()
        return second.locked_shards == ALL

    await until(has_all)
    await second.close()
