"""What the board shows, read in one go and kept for a moment, so that many viewers cost as much as one."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.routing.store import board
from services.routing.usecases.gaming_report import GamingReport, gaming_report
from shared.catalogue import Catalogue, Ward
from shared.db.transaction import city_now, transaction
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import MessagingStatus, status
from shared.worktime import working_days_between

FRESH_SECONDS = 1.0
MAIN_CALENDAR = "hn"
SILENT_AFTER = timedelta(days=1)
MAP_WIDTH, MAP_HEIGHT, MAP_EDGE = 480, 520, 16
SMALLEST, LARGEST = 2.5, 15.0
CHART_HEIGHT, BAR_STEP, CHART_TOP = 96, 32, 18
FIRST_HOUR, LAST_HOUR = 6, 19


@dataclass(frozen=True, slots=True)
class MapSpot:
    """A ward on the map: its size says how many dossiers wait there."""

    ward: Ward
    x: float
    y: float
    radius: float
    waiting: int
    late: int


MOST_LABELS, LABEL_WIDTH, LABEL_HEIGHT = 4, 90, 14
"""Names written on the map, and the room one takes, in the map's own units."""


def labelled_spots(spots: Sequence[MapSpot]) -> list[MapSpot]:
    """The busiest wards whose names can be read beside one another; `spots` has the busiest last."""
    chosen: list[MapSpot] = []
    for spot in reversed(spots):
        free = all(
            abs(spot.x - other.x) > LABEL_WIDTH or abs(spot.y - other.y) > LABEL_HEIGHT for other in chosen
        )
        if spot.waiting and free and len(chosen) < MOST_LABELS:
            chosen.append(spot)
    return chosen


@dataclass(frozen=True, slots=True)
class HourBar:
    """An hour of today as a bar: what came in."""

    flow: board.HourFlow
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything on the page."""

    span: board.BoardSpan
    counts: board.BoardCounts
    holdings: Sequence[board.DeskLoad]
    today: board.HourFlow
    hours: Sequence[HourBar]
    spots: Sequence[MapSpot]
    labelled: Sequence[MapSpot]
    health: MessagingStatus
    unfair: GamingReport

    @property
    def city_time(self) -> datetime:
        """The city's time of it."""
        return self.span.now

    @property
    def most_at_risk(self) -> board.DeskLoad | None:
        """The office with most dossiers at risk."""
        first = self.holdings[0] if self.holdings else None
        return first if first and first.at_risk else None


class BoardCache:
    """The latest board; read anew when the last one is older than a moment."""

    def __init__(self, pool: asyncpg.Pool, broker: Broker, catalogue: Callable[[], Catalogue]) -> None:
        self._pool, self._broker, self._catalogue = pool, broker, catalogue
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._latest: BoardView | None = None

    async def current(self) -> BoardView:
        """At most a moment old."""
        async with self._lock:
            if self._latest is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                self._latest = await self._read()
                self._read_at = time.monotonic()
            return self._latest

    async def time_span(self) -> board.BoardSpan:
        """Now, and until when what is due can still be saved."""
        async with transaction(self._pool) as tx:
            return board_span(self._catalogue(), await city_now(tx))

    async def _read(self) -> BoardView:
        health = await status(self._pool, self._broker)
        async with transaction(self._pool) as tx:
            span = board_span(self._catalogue(), await city_now(tx))
            counted = await board.board_counts(tx, span)
            holdings = await board.desk_loads(tx, span)
            flows = await board.hourly_flows(tx, city_midnight(span.now))
            unfair = await gaming_report(tx, self._catalogue(), span.now)
        spots = map_spots(self._catalogue().wards(), board.ward_loads(holdings))
        day, hours = day_total(flows), hour_bars(flows)
        return BoardView(
            span,
            counted,
            holdings=holdings,
            today=day,
            hours=hours,
            spots=spots,
            labelled=labelled_spots(spots),
            health=health,
            unfair=unfair,
        )


def city_midnight(now: datetime) -> datetime:
    """When the city's day began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def board_span(catalogue: Catalogue, now: datetime) -> board.BoardSpan:
    """When the offices close, today (or the next day they are open) and on the next working day."""
    calendar = catalogue.calendar(MAIN_CALENDAR, now)
    today, tomorrow = (calendar.first_working(now.date() + timedelta(days=n)) for n in (0, 1))
    return board.BoardSpan(now, calendar.closing(tomorrow), calendar.closing(today))


def working_days_left(catalogue: Catalogue, now: datetime) -> Callable[[datetime], int]:
    """Working days until a due date, as people count them."""
    calendar = catalogue.calendar(MAIN_CALENDAR, now)
    return lambda due: working_days_between(calendar, now.date(), due.date())


def office_mark(load: board.DeskLoad, now: datetime) -> str:
    """An office's mark. Silent is never shown as fine: nothing heard for a day, and work lying there."""
    if load.late:
        return "late"
    last_reply_at = load.last_reply_at or load.oldest
    if load.to_topic and now - last_reply_at > SILENT_AFTER:
        return "silent"
    return "soon" if load.at_risk else "on_time"


def day_total(flows: Sequence[board.HourFlow]) -> board.HourFlow:
    """The day as one."""
    sums = (sum(getattr(flow, name) for flow in flows) for name in ("submitted", "accepted", "completed"))
    return board.HourFlow(24, *sums)


def hour_bars(flows: Sequence[board.HourFlow]) -> list[HourBar]:
    """The hours people work, and any other in which something happened."""
    shown_flows = [
        flow
        for flow in flows
        if FIRST_HOUR <= flow.hour <= LAST_HOUR or flow.submitted or flow.accepted or flow.completed
    ]
    most = max((flow.submitted for flow in shown_flows), default=0) or 1
    bars = []
    for n, flow in enumerate(shown_flows):
        height = round(flow.submitted / most * CHART_HEIGHT, 1)
        bars.append(HourBar(flow, n * BAR_STEP + 4, CHART_TOP + CHART_HEIGHT - height, height))
    return bars


def map_spots(wards: Sequence[Ward], waiting: Mapping[str, tuple[int, int]]) -> list[MapSpot]:
    """Each ward where it lies; the area of its dot grows with what waits there."""
    if not wards:
        return []
    west, east = min(ward.lon for ward in wards), max(ward.lon for ward in wards)
    south, north = min(ward.lat for ward in wards), max(ward.lat for ward in wards)
    most = max((count for count, _ in waiting.values()), default=0) or 1
    spots = []
    for ward in wards:
        count, late = waiting.get(ward.code, (0, 0))
        x = MAP_EDGE + (ward.lon - west) / (east - west) * (MAP_WIDTH - 2 * MAP_EDGE)
        y = MAP_EDGE + (north - ward.lat) / (north - south) * (MAP_HEIGHT - 2 * MAP_EDGE)
        radius = SMALLEST + (LARGEST - SMALLEST) * (count / most) ** 0.5
        spots.append(
            MapSpot(ward, round(x, 1), y=round(y, 1), radius=round(radius, 1), waiting=count, late=late)
        )
    return sorted(spots, key=lambda spot: spot.waiting)
