"""Positions are taken early and committed late: the relay misses none, a cursor over positions does."""

import pytest

from tests.chaos.id_gap import race

pytestmark = pytest.mark.integration
ROWS = 6_000


async def test_rows_that_come_to_light_late_are_sent_while_a_naive_cursor_misses_them(
    postgres_url: str, kafka: str
) -> None:
    counted = await race(postgres_url, kafka, ROWS, seed=1)
    assert counted.rows == ROWS
    assert (counted.relay_missed, counted.relay_disordered) == (0, 0)
    assert counted.cursor_missed > 0
