"""The apology (form 04), as used by rules, rows, events and pages."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from shared.clock import CityTime
from shared.text_fields import Choice, Code, Name

TimeOwner = Annotated[str, Choice(("office", "citizen", "outside"))]


@dataclass(frozen=True, slots=True)
class NewDatePassed:
    """The new date passed without a result. `told_at`: when the office's head and the city were notified.

    `whose`: whose time it was then: office, citizen (an answer was awaited), or outside the legal limit.
    """

    told_at: CityTime
    office_short: Name
    whose: TimeOwner


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """The apology for a late dossier: one per dossier, with one new date.

    `ref`: its task. `office`: the holder at the breach, with `step` to do (null: none). `late_minutes`:
    working minutes at the draft or the signature. `new_due_at`: a proposal until `signed_at` is set; null if
    it lies beyond the published calendar. The legal date `current_due_at` does not change. `passed` is
    computed on publication, not stored.

    `signed_by`: the name of the head, or the login where the name is not known; `leader` in letters that
    were signed before names were kept.
    """

    ref: UUID
    office: Code
    office_short: Name
    was_due_at: CityTime
    late_minutes: int
    drafted_at: CityTime
    sign_by: CityTime
    new_due_at: CityTime | None = None
    step: Code | None = None
    title_vi: Name = ""
    title_en: Name = ""
    signed_at: CityTime | None = None
    signed_by: Name | None = None
    passed: NewDatePassed | None = None

    @property
    def is_signed(self) -> bool:
        """Whether it was signed, and so sent."""
        return self.signed_at is not None

    @property
    def signer(self) -> str | None:
        """The name of the head who signed; None in letters signed before names were kept."""
        return None if self.signed_by == "leader" else self.signed_by
