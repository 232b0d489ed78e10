"""An apology (form 04): one class for the rule that drafts it, its row, the wire and every page."""

from dataclasses import dataclass
from uuid import UUID

from shared.clock import CityTime


@dataclass(frozen=True, slots=True)
class NewDatePassed:
    """The new date passed without a result. `told_at`: when the head of `office_short` and the city heard.

    `whose` time it was then: office; citizen, whose answer was awaited; outside the legal limit.
    """

    told_at: CityTime
    office_short: str
    whose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """The letter of a dossier that went late: one a dossier, with one new date.

    `ref`: its task. `office` held the dossier at the breach, and had `step` to do (null: nothing).
    `late_minutes` of working time, at the draft or the signature. `new_due_at` is a proposal until
    `signed_at` is set; null: the known calendar does not reach that far. The date of the law,
    `current_due_at`, never moves with it. `passed` is worked out when it is published, not stored.
    """

    ref: UUID
    office: str
    office_short: str
    was_due_at: CityTime
    late_minutes: int
    drafted_at: CityTime
    sign_by: CityTime
    new_due_at: CityTime | None = None
    step: str | None = None
    title_vi: str = ""
    title_en: str = ""
    signed_at: CityTime | None = None
    signed_by: str | None = None
    passed: NewDatePassed | None = None

    @property
    def is_signed(self) -> bool:
        """It has been sent."""
        return self.signed_at is not None
