"""Who may file through which channel, and who may decide for which receiving office."""

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
    """Why this caller may not file through this channel; None if it may."""
    if channel in FOR_ANYONE or channel not in BY_OFFICERS | {BY_INVESTORS}:
        return None
    if channel == BY_INVESTORS:
        required_kind = INVESTOR
        is_allowed = actor is not None and actor.kind == INVESTOR
    else:
        required_kind = COUNTER
        is_allowed = actor is not None and is_counter_officer(actor)
    if is_allowed:
        return None
    return _needs_credential(required_kind, authenticated=actor is not None)


def investor_owns_project(actor: Actor | None, catalogue: Catalogue, office: str, on: date) -> Refused | None:
    """The refusal of an investor that files for a project of somebody else; None for anyone else."""
    if actor is None or actor.kind != INVESTOR:
        return None
    if actor.party and catalogue.serves(actor.party, office, on):
        return None
    return refuse("not_your_office")


def decision_refusal(actor: Actor, catalogue: Catalogue, office: str, on: date) -> Refused | None:
    """Why this caller may not accept or refuse for this receiving office; None if it may."""
    if is_counter_officer(actor) and actor.office == office:
        return None
    if actor.kind in (INVESTOR, PARTY) and actor.party and catalogue.serves(actor.party, office, on):
        return None
    return refuse("not_your_office")


def slip_holder_actor(filed_by: str | None) -> Actor:
    """The actor behind a slip without a login: the citizen, or the proxy who filed the dossier."""
    return Actor(kind="proxy" if filed_by == BY_PROXY else "citizen")


def is_counter_officer(actor: Actor) -> bool:
    """Whether this is an officer who receives dossiers at an office."""
    return actor.kind == OFFICER and actor.role == COUNTER and bool(actor.office)


def is_operator(actor: Actor) -> bool:
    """Whether this is an officer who watches over all offices, and decides at none."""
    return actor.kind == OFFICER and actor.role == OPERATOR


def _needs_credential(required_kind: str, *, authenticated: bool) -> Refused:
    return refuse(
        "channel_needs_credential" if authenticated else "channel_needs_login",
        who=WHO_MAY_FILE[required_kind],
        errors=(field_error("channel", "channel_not_offered", ways="online, vneid, kiosk"),),
    )
