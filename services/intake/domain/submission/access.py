"""Who may file in which way, and who may decide at which counter."""

from datetime import date

from services.intake.domain.dossier.submission import BY_PROXY
from services.intake.words import field_error, group, refuse
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import Refused

FOR_ANYONE = frozenset({"online", "vneid", "kiosk"})
BY_OFFICERS = frozenset({"counter", "post", "home"})
BY_INVESTORS = "investor"
OFFICER, COUNTER, OPERATOR, INVESTOR, PARTY = "officer", "counter", "operator", "investor", "party"


WHO_MAY_FILE = group("filers")


def filing_refusal(actor: Actor | None, channel: str | None) -> Refused | None:
    """Why this caller may not file in this way; None when it may."""
    if channel in FOR_ANYONE or channel not in BY_OFFICERS | {BY_INVESTORS}:
        return None
    required_kind = INVESTOR if channel == BY_INVESTORS else COUNTER
    is_allowed = actor is not None and (
        actor.kind == INVESTOR if required_kind == INVESTOR else is_counter_officer(actor)
    )
    return None if is_allowed else _needs_key(channel or "", required_kind, authenticated=actor is not None)


def investor_owns_project(actor: Actor | None, catalogue: Catalogue, office: str, on: date) -> Refused | None:
    """An investor files only with its own projects."""
    if actor is None or actor.kind != INVESTOR:
        return None
    if actor.party and catalogue.serves(actor.party, office, on):
        return None
    return refuse("not_your_office")


def decision_refusal(actor: Actor, catalogue: Catalogue, office: str, on: date) -> Refused | None:
    """Why this caller may not accept or refuse for this receiving office; None when it may."""
    if is_counter_officer(actor):
        return None if actor.office in (None, office) else refuse("not_your_office")
    if actor.kind in (INVESTOR, PARTY) and actor.party and catalogue.serves(actor.party, office, on):
        return None
    return refuse("not_your_office")


def slip_holder_actor(filed_by: str | None) -> Actor:
    """Who acts with the slip of a dossier and no key: the person, or who filed it for them."""
    return Actor(kind="proxy" if filed_by == BY_PROXY else "citizen")


def is_counter_officer(actor: Actor) -> bool:
    """An officer who receives dossiers."""
    return actor.kind == OFFICER and actor.role == COUNTER


def _needs_key(channel: str, required_kind: str, *, authenticated: bool) -> Refused:
    return refuse(
        "channel_needs_credential" if authenticated else "channel_needs_login",
        who=WHO_MAY_FILE["investor" if required_kind == INVESTOR else "counter"],
        errors=(field_error("channel", "channel_not_offered", ways="online, vneid, kiosk"),),
    )
