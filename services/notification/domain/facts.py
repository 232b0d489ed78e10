"""What a text may say about a case: dates, offices and reasons, nothing about the person."""

from dataclasses import dataclass, field
from datetime import datetime

from services.notification.words import text
from shared.clock import to_city_time
from shared.counted_days import CountedDays
from shared.words import formats


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of the plan as a letter names it."""

    title_vi: str
    title_en: str
    office: str


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One of the results of a dossier of which some was granted and some was not."""

    title_vi: str
    title_en: str
    office: str
    granted: bool


@dataclass(frozen=True, slots=True)
class LatenessFacts:
    """What went late: the day it was promised for, which step, at which office, by how much working time."""

    was_due_at: datetime
    office: str
    minutes: int
    title_vi: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A case at the moment a message was called for. `private`: never name what it is about.

    `moved_from`: the date that `due_at` takes the place of, in a message about just that. `wanted_by`: until
    when the citizen is waited for, for `wanted_count` papers (`items` names them) or an `amount` in đồng.
    """

    code: str
    link_ref: str
    office: str
    delivery: str
    private: bool
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    answer_by: datetime | None = None
    reason_vi: str = ""
    reason_en: str = ""
    rule_vi: str = ""
    rule_en: str = ""
    steps: tuple[StepFacts, ...] = field(default=())
    count: tuple[CountedDays, ...] = field(default=())
    moved_from: datetime | None = None
    wanted_by: datetime | None = None
    wanted_count: int = 0
    items: tuple[str, ...] = ()
    items_en: tuple[str, ...] = ()
    amount: int | None = None
    late: LatenessFacts | None = None
    results: tuple[ResultFacts, ...] = ()


def format_date(at: datetime) -> str:
    """25/11/2026, as texts and letters write it."""
    return formats.numeric_date(to_city_time(at))


def format_money(amount: int) -> str:
    """1.500.000đ: đồng, as people here write it."""
    return text("facts.dong", amount=amount).vi


def format_short_date(at: datetime) -> str:
    """25/11."""
    return formats.numeric_day_and_month(to_city_time(at))


def format_time(at: datetime) -> str:
    """14:30."""
    return formats.clock_time(to_city_time(at))
