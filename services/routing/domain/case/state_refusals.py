"""Refusals of events that the state table does not allow; each names a remedy.

Order of precedence: a closed dossier, then what the event needs, then the state of the dossier.
"""

from collections.abc import Callable, Mapping

from services.routing.domain.case.position import State, StateEvent
from services.routing.domain.refusals import process as refusals
from shared.errors import Refused

RefusalFactory = Callable[[], Refused]

CLOSED = frozenset({State.REFUSED, State.STOPPED, State.RETURNED})
"""States that are never left again: the citizen files a new dossier instead."""

REFUSAL_BY_EVENT: Mapping[StateEvent, RefusalFactory] = {
    StateEvent.SUPPLEMENTED: refusals.no_papers_owed,
    StateEvent.PAID: refusals.no_fee_owed,
    StateEvent.FEE_WAIVED: refusals.no_fee_owed,
    StateEvent.WITHDRAWAL_CANCELLED: refusals.no_withdrawal,
    StateEvent.RECALLED: refusals.no_result_yet,
    StateEvent.RETURNED: refusals.no_result_yet,
}

REFUSAL_BY_STATE: Mapping[State, RefusalFactory] = {
    State.DRAFT: refusals.not_accepted_yet,
    State.SUBMITTED: refusals.not_accepted_yet,
    State.ACCEPTED: refusals.work_not_begun,
    State.IN_PROCESS: refusals.already_under_way,
    State.SUPPLEMENT_REQUESTED: refusals.papers_owed,
    State.PAYMENT_REQUESTED: refusals.fee_owed,
    State.WITHDRAWAL_REQUESTED: refusals.withdrawal_undecided,
    State.COMPLETED: refusals.already_decided,
}


def refusal_for(state: State, fact: StateEvent) -> Refused:
    """The refusal of an event in a state where no transition of the table allows it."""
    if state in CLOSED:
        return refusals.dossier_closed()
    return (REFUSAL_BY_EVENT.get(fact) or REFUSAL_BY_STATE[state])()
