"""Form 03: why a dossier is not accepted, said at once at the counter or once it has waited there."""

from datetime import date

from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.submission.access import BY_OFFICERS, decision_refusal
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import FieldError, RefusalKind, Refused


def immediate_refusal_check(
    channel: str | None, actor: Actor | None, catalogue: Catalogue, office: str, on: date
) -> Refused | None:
    """Why this caller may not refuse what is handed in right now: only the counter that receives it may."""
    if actor is None or channel not in BY_OFFICERS:
        return Refused(
            "counter_only",
            "Chỉ quầy nơi nhận hồ sơ giấy mới từ chối ngay khi nhận.",
            "Only the counter that a dossier is handed in at refuses it at once.",
            RefusalKind.FORBIDDEN,
        )
    return decision_refusal(actor, catalogue, office, on)


def unknown_reason(
    refusal: CounterRefusal, catalogue: Catalogue, field: str = "reason_code"
) -> Refused | None:
    """A reason that is not in the city's list."""
    if any(reason.code == refusal.reason_code for reason in catalogue.reasons()):
        return None
    codes = ", ".join(reason.code for reason in catalogue.reasons())
    vi, en = f"Chọn một lý do trong danh mục: {codes}.", f"Choose a reason of the list: {codes}."
    return Refused("unknown_reason", vi, en, errors=(FieldError(field, "unknown_reason", vi, en),))
