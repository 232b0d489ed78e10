"""What an apology (form 04) says: facts of the clock, and the one new date."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Apology:
    """Drafted at the breach, one a dossier; signed by the head of the office that held it then.

    `ref` is the id of its task. `step` is what that office had in hands, None where nobody had anything.
    `late_minutes` of working time from `was_due_at` to the draft, or to the signature once there is one.
    `new_due_at`: proposed, then as signed; None where the known calendar does not reach that far.
    """

    ref: UUID
    office: str
    office_short: str
    step: str | None
    title_vi: str
    title_en: str
    was_due_at: datetime
    late_minutes: int
    drafted_at: datetime
    sign_by: datetime
    new_due_at: datetime | None
    signed_at: datetime | None = None
    signed_by: str | None = None

    @property
    def is_signed(self) -> bool:
        """It has been sent."""
        return self.signed_at is not None
