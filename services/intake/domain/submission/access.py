"""Who may file in which way, and who may decide at which counter."""

from datetime import date

from services.intake.domain.dossier.submission import BY_PROXY
from services.intake.domain.submission.field_errors import field_error
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import RefusalKind, Refused

FOR_ANYONE = frozenset({"online", "vneid", "kiosk"})
BY_OFFICERS = frozenset({"counter", "post", "home"})
BY_INVESTORS = "investor"
OFFICER, COUNTER, OPERATOR, INVESTOR, PARTY = "officer", "counter", "operator", "investor", "party"


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
    return not_your_office()


def decision_refusal(actor: Actor, catalogue: Catalogue, office: str, on: date) -> Refused | None:
    """Why this caller may not accept or refuse for this receiving office; None when it may."""
    if is_counter_officer(actor):
        return None if actor.office in (None, office) else not_your_office()
    if actor.kind in (INVESTOR, PARTY) and actor.party and catalogue.serves(actor.party, office, on):
        return None
    return not_your_office()


def slip_holder_actor(filed_by: str | None) -> Actor:
    """Who acts with the slip of a dossier and no key: the person, or who filed it for them."""
    return Actor(kind="proxy" if filed_by == BY_PROXY else "citizen")


def is_counter_officer(actor: Actor) -> bool:
    """An officer who receives dossiers."""
    return actor.kind == OFFICER and actor.role == COUNTER


def not_your_office() -> Refused:
    """Known, but not for this office."""
    return Refused(
        "not_your_office",
        "Hồ sơ này do nơi khác tiếp nhận; tài khoản này không quyết định thay.",
        "Another office receives this dossier; this account may not decide for it.",
        RefusalKind.FORBIDDEN,
    )


def no_such_dossier() -> Refused:
    """No dossier of that code."""
    return Refused(
        "no_such_dossier",
        "Không có hồ sơ nào mang mã này.",
        "There is no dossier of this code.",
        RefusalKind.NOT_FOUND,
    )


def _needs_key(channel: str, required_kind: str, *, authenticated: bool) -> Refused:
    vi = "chủ đầu tư" if required_kind == INVESTOR else "cán bộ tại quầy"
    en = "the investor" if required_kind == INVESTOR else "an officer at a counter"
    return Refused(
        "channel_needs_credential",
        f"Cách nộp này chỉ dành cho {vi}. Bạn có thể nộp trực tuyến.",
        f"Only {en} may file in this way. You can file online.",
        RefusalKind.FORBIDDEN if authenticated else RefusalKind.UNAUTHENTICATED,
        (field_error("channel", "channel_not_offered", ways="online, vneid, kiosk"),),
    )
