"""A batch that breaks: the culprit alone is set aside, in order, and passing faults are waited out."""

from collections.abc import Sequence

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PoisonRecord, RetryLater
from shared.messaging.consume.poison_isolation import BatchAbandoned, apply_isolating_poison
from shared.messaging.faults import is_transient


class Table:
    """What was applied and set aside, in order; a piece that holds a bad one applies nothing."""

    def __init__(self, bad: set[int]) -> None:
        self.bad, self.applied, self.aside, self.calls = bad, list[int](), list[int](), 0

    async def apply(self, piece: Sequence[int]) -> None:
        self.calls += 1
        if self.bad & set(piece):
            raise PoisonRecord("bad", "cannot be used")
        self.applied += piece

    async def set_aside(self, item: int, _: Exception) -> None:
        self.aside.append(item)


@given(st.sets(st.integers(0, 63), max_size=6))
async def test_exactly_the_bad_ones_are_set_aside_and_the_rest_keeps_its_order(bad: set[int]) -> None:
    table = Table(bad)
    await apply_isolating_poison(range(64), table.apply, table.set_aside, lambda: True)
    assert table.applied == [n for n in range(64) if n not in bad]
    assert table.aside == sorted(bad)


async def test_one_bad_record_among_500_costs_a_handful_of_transactions() -> None:
    table = Table({321})
    await apply_isolating_poison(range(500), table.apply, table.set_aside, lambda: True)
    assert table.calls < 24


async def test_a_passing_fault_is_tried_again_and_splits_nothing() -> None:
    pieces: list[int] = []

    async def apply(piece: Sequence[int]) -> None:
        pieces.append(len(piece))
        if len(pieces) < 3:
            raise RetryLater("the database is away", after_seconds=0)

    async def never(*_: object) -> None:
        raise AssertionError

    await apply_isolating_poison(range(10), apply, never, lambda: True)
    assert pieces == [10, 10, 10]


async def test_work_that_is_no_longer_ours_is_given_up() -> None:
    async def apply(_: Sequence[int]) -> None:
        raise AssertionError

    with pytest.raises(BatchAbandoned):
        await apply_isolating_poison([1], apply, apply, lambda: False)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("failure", "passing"),
    [
        (asyncpg.DeadlockDetectedError(), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.ConnectionDoesNotExistError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (asyncpg.DataError("invalid input for query argument"), False),
        (asyncpg.UniqueViolationError(), False),
        (asyncpg.UndefinedColumnError(), False),
        (KeyError("x"), False),
        (PoisonRecord("code", "detail"), False),
    ],
)
def test_it_knows_what_passes_by_itself(failure: Exception, passing: bool) -> None:
    assert is_transient(failure) is passing
