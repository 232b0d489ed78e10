"""The result reached the citizen: the case is closed, whatever its outcome."""

from datetime import datetime

from services.routing.domain.case import Case, Cause, Change
from services.routing.domain.judged import changed
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from shared.errors import Refused


def returned(case: Case, cause: Cause, at: datetime) -> Change | Refused:
    """Intake reports the hand-over, routing closes. The clock ended with completion."""
    standing = move(case.standing, Fact.RETURNED)
    if isinstance(standing, Refused):
        return standing
    return changed(case.at(standing), cause, at)
