"""Hand-over of the result to the citizen, which closes the case."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.state import next_position
from services.routing.domain.plan.effects import build_change
from shared.errors import Refused
from shared.states import StateEvent


def close_after_hand_over(case: Case, cause: Cause, at: datetime) -> CaseChange | Refused:
    """Close the case when intake reports the hand-over. The clock ended with completion."""
    position = next_position(case.position, StateEvent.RETURNED)
    if isinstance(position, Refused):
        return position
    return build_change(case.with_position(position), cause, at)
