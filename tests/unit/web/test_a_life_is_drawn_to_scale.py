from datetime import datetime, timedelta

from shared.clock import CITY_TZ
from shared.web.timeline import WIDTH, Bar, Lane, Tick, draw_life

START = datetime(2026, 3, 2, 8, 0, tzinfo=CITY_TZ)
END = START + timedelta(days=4)


def test_bars_lie_where_their_time_is() -> None:
    half = START + (END - START) / 2
    lane = Lane("UBND", [Bar("working", START, half, "ký")], [Tick(half, "tin nhắn")])
    drawn = draw_life([lane], START, END).lanes[0]
    assert drawn.bars[0].x + drawn.bars[0].width == drawn.ticks[0].x == WIDTH / 2


def test_the_shortest_task_can_still_be_seen() -> None:
    lane = Lane("UBND", [Bar("working", START, START, "ký")])
    assert draw_life([lane], START, END).lanes[0].bars[0].width >= 3


def test_years_do_not_crowd_the_line_of_days() -> None:
    assert len(draw_life([], START, START + timedelta(days=900)).days) <= 12
