"""The timeline of a dossier as an SVG: a lane for each office, a bar for each task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.clock import to_city_time

WIDTH, MARGIN = 960, 8
LANE_TOP, LANE_HEIGHT = 40, 40
THINNEST = 3.0
TICK_ROOM = 90


@dataclass(frozen=True, slots=True)
class TimeBar:
    """A period of time. `kind`: working, waiting, paused, late."""

    kind: str
    start: datetime
    end: datetime
    label: str


@dataclass(frozen=True, slots=True)
class TimeMark:
    """An instant with a label: an event, a message to the citizen."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class OfficeLane:
    """The bars and ticks of one office."""

    name: str
    bars: Sequence[TimeBar] = ()
    ticks: Sequence[TimeMark] = ()


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """A bar with its position."""

    kind: str
    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark or a day line with its position."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane with its position."""

    name: str
    y: int
    bars: Sequence[PlacedBar]
    ticks: Sequence[PlacedMark]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the template `timeline.html` draws."""

    width: int
    height: int
    days: Sequence[PlacedMark]
    lanes: Sequence[PlacedLane]
    has_duration: bool
    """Whether any time has passed; without it there is nothing to draw."""


def layout_timeline(lanes: Sequence[OfficeLane], start: datetime, end: datetime) -> Timeline:
    """Position all lanes on a time axis from `start` to `end`."""
    scale = _Scale(start, max(end, start + timedelta(hours=1)))
    drawn = [_lane(lane, LANE_TOP + n * LANE_HEIGHT, scale) for n, lane in enumerate(lanes)]
    return Timeline(WIDTH, LANE_TOP + len(lanes) * LANE_HEIGHT, _days(scale), drawn, end > start)


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * MARGIN), 1)


def _lane(lane: OfficeLane, y: int, scale: _Scale) -> PlacedLane:
    bars = [_bar(bar, scale) for bar in lane.bars]
    return PlacedLane(lane.name, y, bars, [PlacedMark(scale.x(tick.at), tick.label) for tick in lane.ticks])


def _bar(bar: TimeBar, scale: _Scale) -> PlacedBar:
    x = scale.x(bar.start)
    return PlacedBar(bar.kind, x, max(round(scale.x(bar.end) - x, 1), THINNEST), bar.label)


def _days(scale: _Scale) -> list[PlacedMark]:
    """Midnights, as many as there is space to label."""
    first = to_city_time(scale.start).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    whole = max((scale.end - first) // timedelta(days=1) + 1, 0)
    step = max(-(-whole * TICK_ROOM // WIDTH), 1)
    midnights = [first + timedelta(days=n) for n in range(0, whole, step)]
    return [PlacedMark(scale.x(at), f"{at.day}/{at.month}") for at in midnights]
