"""The view of the board: read at once and cached for a second, so that many viewers cost as much as one."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.routing.domain.case.rules import Rules
from services.routing.domain.deadlines.remaining_work import has_time_enough
from services.routing.outbound.catalogue_copies import CatalogueCopies, ServiceCopy
from services.routing.store import board
from services.routing.store.gaming_signs import OfficeSignCounts
from services.routing.usecases.gaming_report import GamingReport, gaming_report
from shared.catalogue import Catalogue, Ward
from shared.db.transaction import Tx, city_now, transaction
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import MessagingStatus, status
from shared.worktime import working_days_between, working_seconds

FRESH_SECONDS = 1.0
MAIN_CALENDAR = "hn"
SILENT_AFTER_SECONDS = 8 * 3600
"""An office that has had a task for a working day, and has said nothing for one, is silent."""
MAP_WIDTH, MAP_HEIGHT, MAP_EDGE = 480, 520, 16
SMALLEST, LARGEST = 2.5, 15.0
CHART_HEIGHT, BAR_STEP, CHART_TOP = 96, 32, 18
FIRST_HOUR, LAST_HOUR = 6, 19
LISTED_OFFICES, LISTED_SIGNS = 25, 10


@dataclass(frozen=True, slots=True)
class MapSpot:
    """A ward on the map; its area grows with the number of dossiers that wait there."""

    ward: Ward
    x: float
    y: float
    radius: float
    waiting: int
    late: int


MOST_LABELS, LABEL_WIDTH, LABEL_HEIGHT = 4, 90, 14
"""How many names the map shows, and the size of one in the map's units."""


def labelled_spots(spots: Sequence[MapSpot]) -> list[MapSpot]:
    """The busiest wards whose names do not overlap; `spots` has the busiest last."""
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
    """An hour of today as a bar of dossiers filed."""

    flow: board.HourFlow
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class BoardView:
    """The data of the board's page. `holdings`: loads of all desks; `unfair`: signs of gamed clocks.

    `in_time`: how many of those at risk have time enough for what is left of them. `silent`: the desks that
    have said nothing for a working day. `copies`: what each service has of the catalogue, routing first.
    """

    span: board.BoardSpan
    counts: board.BoardCounts
    in_time: int
    holdings: Sequence[board.DeskLoad]
    today: board.HourFlow
    hours: Sequence[HourBar]
    spots: Sequence[MapSpot]
    labelled: Sequence[MapSpot]
    health: MessagingStatus
    unfair: GamingReport
    silent: frozenset[str]
    copies: Sequence[ServiceCopy]

    @property
    def city_time(self) -> datetime:
        """The city's time at which the view was read."""
        return self.span.now

    @property
    def most_overdue(self) -> board.DeskLoad | None:
        """The office with most dossiers whose step there is overdue; None if no office has any."""
        if not self.holdings or not self.holdings[0].late_steps:
            return None
        return self.holdings[0]

    @property
    def short_of_time(self) -> int:
        """How many of those at risk need longer than is left until their date."""
        return self.counts.at_risk - self.in_time

    @property
    def listed_offices(self) -> Sequence[board.DeskLoad]:
        """The offices shown on the board itself; `/board/offices` shows all."""
        return self.holdings[:LISTED_OFFICES]

    @property
    def unlisted_offices(self) -> Sequence[board.DeskLoad]:
        """The offices with dossiers that only `/board/offices` shows."""
        return self.holdings[LISTED_OFFICES:]

    @property
    def unlisted_overdue_count(self) -> int:
        """How many of the offices that are not shown have something overdue."""
        return sum(load.is_overdue for load in self.unlisted_offices)

    @property
    def listed_signs(self) -> Sequence[OfficeSignCounts]:
        """The offices shown in the table of signs."""
        return self.unfair.offices[:LISTED_SIGNS]

    @property
    def busy_wards(self) -> Sequence[MapSpot]:
        """The wards at which dossiers wait, the busiest first."""
        return [spot for spot in reversed(self.spots) if spot.waiting]


class BoardCache:
    """Cache of the board; read again after `FRESH_SECONDS`."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        broker: Broker,
        catalogue: Callable[[], Catalogue],
        *,
        copies: CatalogueCopies,
    ) -> None:
        self._copies = copies
        self._pool, self._broker, self._catalogue = pool, broker, catalogue
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._latest: BoardView | None = None

    async def current(self) -> BoardView:
        """The view, at most `FRESH_SECONDS` old."""
        async with self._lock:
            if self._latest is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                self._latest = await self._read()
                self._read_at = time.monotonic()
            return self._latest

    async def time_span(self) -> board.BoardSpan:
        """The time span of the board at this moment."""
        async with transaction(self._pool) as tx:
            return board_span(await self._rules(tx))

    async def _rules(self, tx: Tx) -> Rules:
        return Rules(self._catalogue(), await city_now(tx))

    async def _read(self) -> BoardView:
        health = await status(self._pool, self._broker)
        copies = await self._copies.current()
        async with transaction(self._pool) as tx:
            rules = await self._rules(tx)
            span = board_span(rules)
            counted = await board.board_counts(tx, span)
            holdings = await board.desk_loads(tx, span)
            work = await board.work_at_risk(tx, span)
            flows = await board.hourly_flows(tx, city_midnight(span.now))
            unfair = await gaming_report(tx, rules)
        spots = map_spots(rules.catalogue.wards(), board.ward_loads(holdings))
        day, hours = day_total(flows), hour_bars(flows)
        return BoardView(
            span,
            counted,
            in_time=count_in_time(work, rules),
            holdings=holdings,
            today=day,
            hours=hours,
            spots=spots,
            labelled=labelled_spots(spots),
            health=health,
            copies=copies,
            unfair=unfair,
            silent=silent_desks(holdings, rules),
        )


def city_midnight(now: datetime) -> datetime:
    """Midnight of the city's day."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def board_span(rules: Rules) -> board.BoardSpan:
    """The time span of the board: now, the close of the next working day, and today's close.

    If offices are closed today, `today` is the close of the next day on which they open.
    """
    calendar = rules.catalogue.working_calendar(MAIN_CALENDAR, rules.now)
    today = calendar.first_working(rules.today)
    tomorrow = calendar.first_working(rules.today + timedelta(days=1))
    return board.BoardSpan(rules.now, until=calendar.closing(tomorrow), today=calendar.closing(today))


def count_in_time(work: Sequence[board.RemainingWork], rules: Rules) -> int:
    """How many of these dossiers have time enough for their steps that are left."""
    calendar = rules.catalogue.working_calendar(MAIN_CALENDAR, rules.now)
    return sum(
        entry.dossiers for entry in work if has_time_enough(entry.steps, entry.due_at, rules.now, calendar)
    )


def working_days_left(catalogue: Catalogue, now: datetime) -> Callable[[datetime], int]:
    """A function that counts the working days from now to a due date."""
    calendar = catalogue.working_calendar(MAIN_CALENDAR, now)
    return lambda due: working_days_between(calendar, now.date(), due.date())


def working_minutes_late(catalogue: Catalogue, now: datetime) -> Callable[[datetime], int]:
    """A function that counts the working minutes since a due date that has passed; 0 before."""
    calendar = catalogue.working_calendar(MAIN_CALENDAR, now)
    return lambda due: working_seconds(calendar, min(due, now), now) // 60


def office_mark(load: board.DeskLoad, silent: Collection[str]) -> str:
    """The mark of an office. A party with open tasks and no reply for a day is never shown as on time."""
    if load.is_overdue:
        return "late"
    if load.to_topic and load.desk in silent:
        return "silent"
    if load.at_risk:
        return "soon"
    return "on_time"


def silent_desks(loads: Iterable[board.DeskLoad], rules: Rules) -> frozenset[str]:
    """The desks that have had a task for a working day, and have said nothing of any task for one."""
    calendar = rules.catalogue.working_calendar(MAIN_CALENDAR, rules.now)
    return frozenset(
        load.desk
        for load in loads
        if working_seconds(calendar, max(load.last_reply_at or load.oldest, load.oldest), rules.now)
        >= SILENT_AFTER_SECONDS
    )


def day_total(flows: Sequence[board.HourFlow]) -> board.HourFlow:
    """The sums of all hours of a day."""
    return board.HourFlow(
        hour=24,
        submitted=sum(flow.submitted for flow in flows),
        accepted=sum(flow.accepted for flow in flows),
        completed=sum(flow.completed for flow in flows),
    )


def hour_bars(flows: Sequence[board.HourFlow]) -> list[HourBar]:
    """Bars for office hours, and for other hours with any event."""
    shown_flows: list[board.HourFlow] = []
    for flow in flows:
        has_event = flow.submitted or flow.accepted or flow.completed
        if has_event or FIRST_HOUR <= flow.hour <= LAST_HOUR:
            shown_flows.append(flow)
    most = max((flow.submitted for flow in shown_flows), default=0) or 1
    bars = []
    for n, flow in enumerate(shown_flows):
        height = round(flow.submitted / most * CHART_HEIGHT, 1)
        bars.append(HourBar(flow, n * BAR_STEP + 4, CHART_TOP + CHART_HEIGHT - height, height))
    return bars


def map_spots(wards: Sequence[Ward], waiting: Mapping[str, tuple[int, int]]) -> list[MapSpot]:
    """Spots of all wards at their coordinates, the busiest last."""
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
