"""The facts of a case that a message may contain: dates, offices and reasons, no personal data."""

from dataclasses import dataclass, field
from datetime import datetime

from services.notification.words import text
from shared.clock import to_city_time
from shared.counted_days import CountedDays
from shared.words import formats


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of the plan, as an email lists it."""

    title_vi: str
    title_en: str
    office: str


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One result of a dossier with several, some granted and some denied; `reason` of a denied one."""

    title_vi: str
    title_en: str
    office: str
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LatenessFacts:
    """Which step was late: the promised instant, the office, and the working minutes of delay."""

    was_due_at: datetime
    office: str
    minutes: int
    title_vi: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The facts of a case when a message was planned. `private`: no message may name the matter.

    `moved_from`: the date that `due_at` replaces, in a message about a moved date. `wanted_by`: the end of
    the citizen's time to bring `wanted_count` papers (named in `items`) or to pay `amount` đồng. `denied`:
    the result is a no, for `reason_vi`, by `rule_vi`.
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
    denied: bool = False


def format_date(at: datetime) -> str:
    """A date as 25/11/2026."""
    return formats.numeric_date(to_city_time(at))


def format_money(amount: int) -> str:
    """An amount of đồng as 1.500.000đ."""
    return text("facts.dong", amount=amount).vi


def format_short_date(at: datetime) -> str:
    """A date as 25/11."""
    return formats.numeric_day_and_month(to_city_time(at))


def format_time(at: datetime) -> str:
    """A time as 14:30."""
    return formats.clock_time(to_city_time(at))
