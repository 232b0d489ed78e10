"""How much may be filed a day without a credential: per phone, mailbox, person and address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.domain.dossier.submission import Submission
from services.intake.words import refuse
from shared.errors import Refused


@dataclass(frozen=True, slots=True)
class FilingLimits:
    """The most dossiers a day with one of these; 0: no limit."""

    phone: int = 5
    email: int = 5
    person: int = 5
    address: int = 100


DEFAULT_LIMITS = FilingLimits()
REFUSALS = {
    "phone": "filed_often.phone",
    "email": "filed_often.email",
    "person": "filed_often.person",
    "address": "filed_often.address",
}
"""The refusal of each kind of limit."""


@dataclass(frozen=True, slots=True)
class FilingLimit:
    """One limit that a submission counts against: its kind, whom it counts for, and its number."""

    kind: str
    subject: str
    most: int


def limits_of(submission: Submission, address: str | None, limits: FilingLimits) -> Iterator[FilingLimit]:
    """The limits that an anonymous submission, with its contact as read, counts against."""
    subjects = {
        "phone": submission.contact.phone,
        "email": submission.contact.email,
        "person": submission.applicant.id_number,
        "address": address,
    }
    for kind, subject in subjects.items():
        most: int = getattr(limits, kind)
        if subject and most > 0:
            yield FilingLimit(kind, subject.lower(), most)


def limit_refusal(limit: FilingLimit, at: datetime) -> Refused:
    """The refusal of one filing too many. It ends with the city's day."""
    next_day = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    refusal = refuse(REFUSALS[limit.kind], most=limit.most)
    return replace(refusal, retry_after_seconds=int((next_day - at).total_seconds()))
