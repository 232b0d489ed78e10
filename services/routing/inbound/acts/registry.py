"""The registry of forms, in the order in which the page of a task shows them."""

from typing import Any

from services.routing.inbound.acts.act_form import ActForm
from services.routing.inbound.acts.apology import SIGNATURE
from services.routing.inbound.acts.appointment import ABSENCE, APPOINTMENT, ARRIVAL
from services.routing.inbound.acts.extension import EXTENSION
from services.routing.inbound.acts.payment import PAYMENT, WAIVER
from services.routing.inbound.acts.query import CLOSED_QUERY, QUERY
from services.routing.inbound.acts.recall import RECALL
from services.routing.inbound.acts.stop import CONFIRMED_STOP, STOP
from services.routing.inbound.acts.supplement import SUPPLEMENT

FORMS: tuple[ActForm[Any, Any], ...] = (
    SIGNATURE,
    ARRIVAL,
    ABSENCE,
    APPOINTMENT,
    QUERY,
    CLOSED_QUERY,
    CONFIRMED_STOP,
    SUPPLEMENT,
    PAYMENT,
    WAIVER,
    EXTENSION,
    STOP,
    RECALL,
)
