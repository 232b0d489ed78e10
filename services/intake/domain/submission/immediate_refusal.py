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


def unknown_reason(refusal: CounterRefusal, catalogue: Catalogue, within: str = "") -> Refused | None:
    """The refusal of a reason that the catalogue does not list; None if it is listed.

    `within`: what stands before the names of its fields.
    """
    if any(reason.code == refusal.reason_code for reason in catalogue.reasons()):
        return None
    codes = ", ".join(reason.code for reason in catalogue.reasons())
    return refuse("unknown_reason", at_field=f"{within}reason_code", known=codes)


def missing_text(refusal: CounterRefusal, catalogue: Catalogue, within: str = "") -> Refused | None:
    """The refusal of a reason that says too little without the officer's own text."""
    for reason in catalogue.reasons():
        if reason.code == refusal.reason_code and reason.needs_text and not refusal.text.strip():
            return refuse("reason_text_missing", at_field=f"{within}text", reason=reason.words)
    return None
