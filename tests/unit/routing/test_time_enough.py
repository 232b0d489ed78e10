"""What can still be saved: the work that is left against the working time that is left."""

from datetime import datetime

import pytest

from services.routing.domain.deadlines.remaining_work import RemainingStep, has_time_enough
from shared.worktime import Unit
from tests.builders.catalogue import at, hn

NOW = at("2026-03-06 09:00")
CLOSE = at("2026-03-06 17:00")
NEXT_CLOSE = at("2026-03-09 17:00")


def step(name: str, hours: float, *after: str, started_at: datetime | None = None) -> RemainingStep:
    return RemainingStep(name, after, Unit.WORKING_HOUR, hours, started_at)


@pytest.mark.parametrize(
    ("steps", "due_at", "enough"),
    [
        ((), CLOSE, True),
        ((step("a", 6.5),), CLOSE, True),
        ((step("a", 6.75),), CLOSE, False),
        ((step("a", 4), step("b", 4, "a")), CLOSE, False),
        ((step("a", 4), step("b", 4, "a")), NEXT_CLOSE, True),
        ((step("a", 4), step("b", 4)), CLOSE, True),
        ((step("a", 4, "done-already"),), CLOSE, True),
        ((step("a", 8, started_at=at("2026-03-05 14:30")),), CLOSE, True),
        ((step("a", 100, started_at=at("2026-03-05 14:30")),), CLOSE, False),
    ],
)
def test_steps_in_a_row_add_up_and_those_side_by_side_do_not(
    steps: tuple[RemainingStep, ...], due_at: datetime, enough: bool
) -> None:
    assert has_time_enough(steps, due_at, NOW, hn()) is enough


def test_a_day_of_work_is_two_sessions() -> None:
    half_a_day = RemainingStep("a", (), Unit.WORKING_DAY, 0.5)
    three_days = RemainingStep("a", (), Unit.CALENDAR_DAY, 3)
    assert has_time_enough((half_a_day,), CLOSE, NOW, hn())
    assert not has_time_enough((three_days,), NEXT_CLOSE, NOW, hn())
