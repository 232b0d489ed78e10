from datetime import datetime, timedelta

from shared.clock import CITY_TZ
from shared.web.pages.timeline import WIDTH, OfficeLane, TimeBar, TimeMark, layout_timeline

START = datetime(2026, 3, 2, 8, 0, tzinfo=CITY_TZ)
END = START + timedelta(days=4)


def test_bars_lie_where_their_time_is() -> None:
    half = START + (END - START) / 2
    lane = OfficeLane("UBND", [TimeBar("working", START, half, "ký")], [TimeMark(half, "tin nhắn")])
    drawn = layout_timeline([lane], START, END).lanes[0]
    assert drawn.bars[0].x + drawn.bars[0].width == drawn.ticks[0].x == WIDTH / 2


def test_the_shortest_task_can_still_be_seen() -> None:
    lane = OfficeLane("UBND", [TimeBar("working", START, START, "ký")])
    assert layout_timeline([lane], START, END).lanes[0].bars[0].width >= 3


def test_years_do_not_crowd_the_line_of_days() -> None:
    assert len(layout_timeline([], START, START + timedelta(days=900)).days) <= 12
