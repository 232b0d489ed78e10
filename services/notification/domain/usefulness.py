"""Until when a message is of use, asked at the moment of sending: "by the 12th" never leaves on the 13th."""

from datetime import datetime

from services.notification.domain.facts import Facts
from services.notification.domain.message import PAYMENT, REMINDER, SUPPLEMENT, YOUR_TURN

NO_LONGER_USEFUL = "no_longer_useful"

_UNTIL_THE_ANSWER = frozenset({SUPPLEMENT, PAYMENT, REMINDER, YOUR_TURN})
"""Those whose `useful_until` in the data is the end of the wait; the others tell what stays true."""


def useful_until(template: str, facts: Facts) -> datetime | None:
    """The last moment at which it helps; None where it tells what stays true."""
    return facts.wanted_by if template in _UNTIL_THE_ANSWER else None


def too_late(useful_until: datetime | None, at: datetime) -> bool:
    """Would it only confuse by now? `at` is the city's time."""
    return useful_until is not None and at > useful_until
