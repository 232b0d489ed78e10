"""An id of a party's reply is kept for as long as the topic can bring it again, and not for ever."""

import pytest

from shared.messaging.record.positions import prune_inbox
from shared.messaging.sweep import sweep_once
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration


async def test_only_ids_older_than_the_topic_keeps_are_deleted(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    await pool.execute(
        """INSERT INTO inbox (party, ce_id, received_at)
           SELECT 'land-registry', 'reply-' || days, clock_timestamp() - make_interval(days => days)
             FROM unnest(ARRAY[0, 36, 38, 39, 400]) AS days"""
    )
    assert await sweep_once(pool, prune_inbox, limit=2) == 3
    rows = await pool.fetch("SELECT ce_id FROM inbox ORDER BY received_at DESC")
    assert [row["ce_id"] for row in rows] == ["reply-0", "reply-36"]


async def test_looking_again_deletes_nothing_more(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    await pool.execute("INSERT INTO inbox (party, ce_id) VALUES ('land-registry', 'reply-1')")
    assert await sweep_once(pool, prune_inbox) == 0
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 1
