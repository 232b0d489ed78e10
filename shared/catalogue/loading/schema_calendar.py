"""Schema of calendars.yaml."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shared.catalogue.loading.schema import ClockTime, Evidence, Sessions, Strict, Weekday, WordsModel
from shared.text_fields import Code, Prose


class DayLineModel(Strict):
    """A dated exception of a calendar."""

    date: date
    kind: Literal["day_off", "worked"]
    name: WordsModel
    decision: Prose
    published: datetime | None
    evidence: Evidence
    note: Prose | None = None


class CalendarModel(Strict):
    """One calendar."""

    owner: Prose
    national: bool
    weekdays: list[Weekday] = Field(min_length=1)
    sessions: Sessions
    sessions_by_weekday: dict[Weekday, Sessions] = Field(default={})
    receives_only: dict[Weekday, Sessions] = Field(default={})
    cutoff: ClockTime | None
    own: list[DayLineModel] = Field(default=[])
    evidence: Evidence


class CoversModel(Strict):
    """The dates that a calendar covers."""

    from_: date = Field(alias="from")
    to: date


class CalendarsModel(Strict):
    """calendars.yaml."""

    timezone: Literal["+07:00"]
    covers: CoversModel
    national: list[DayLineModel]
    calendars: dict[Code, CalendarModel]
