"""Refusals of events that the state table does not allow; each names a remedy.

Order of precedence: a closed dossier, then what the event needs, then the state of the dossier.
"""

from collections.abc import Mapping

from services.routing.words import refuse
from shared.errors import Refused
from shared.states import State, StateEvent

CLOSED = frozenset({State.REFUSED, State.STOPPED, State.RETURNED})
"""States that are never left again: the citizen files a new dossier instead."""

REFUSAL_BY_EVENT: Mapping[StateEvent, str] = {
    StateEvent.SUPPLEMENTED: "no_papers_owed",
    StateEvent.PAID: "no_fee_owed",
    StateEvent.FEE_WAIVED: "no_fee_owed",
    StateEvent.WITHDRAWAL_CANCELLED: "no_withdrawal",
    StateEvent.RECALLED: "no_result_yet",
    StateEvent.RETURNED: "no_result_yet",
}

REFUSAL_BY_STATE: Mapping[State, str] = {
    State.DRAFT: "not_accepted_yet",
    State.SUBMITTED: "not_accepted_yet",
    State.ACCEPTED: "work_not_begun",
    State.IN_PROCESS: "already_under_way",
    State.SUPPLEMENT_REQUESTED: "papers_owed",
    State.PAYMENT_REQUESTED: "fee_owed",
    State.WITHDRAWAL_REQUESTED: "withdrawal_undecided",
    State.COMPLETED: "already_decided",
}


def refusal_for(state: State, fact: StateEvent) -> Refused:
    """The refusal of an event in a state where no transition of the table allows it."""
    if state in CLOSED:
        return refuse("dossier_closed")
    return refuse(REFUSAL_BY_EVENT.get(fact) or REFUSAL_BY_STATE[state])
