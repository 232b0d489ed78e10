"""Checks of a counter's refusal (form 03), in the act of filing or later."""

from datetime import date

from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.submission.access import BY_OFFICERS, decision_refusal
from services.intake.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import Refused


def immediate_refusal_check(
    channel: str | None, actor: Actor | None, catalogue: Catalogue, *, office: str, on: date
) -> Refused | None:
    """Why this caller may not refuse in the act of filing: only the receiving counter may."""
    if actor is None or channel not in BY_OFFICERS:
        return refuse("refused_at_counter_only")
    return decision_refusal(actor, catalogue, office, on)


def unknown_reason(
    refusal: CounterRefusal, catalogue: Catalogue, field: str = "reason_code"
) -> Refused | None:
    """The refusal of a reason that the catalogue does not list; None if it is listed."""
    if any(reason.code == refusal.reason_code for reason in catalogue.reasons()):
        return None
    codes = ", ".join(reason.code for reason in catalogue.reasons())
    return refuse("unknown_reason", at_field=field, known=codes)
