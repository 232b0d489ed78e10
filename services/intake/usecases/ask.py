"""A citizen or a counter asks for something: the door does what is its own, routing judges the rest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.access import holder_of_slip, may_decide, no_such_dossier
from services.intake.domain.dossier import Dossier
from services.intake.domain.request import OWN, TYPES, Asked, acted, in_order, told
from services.intake.store import dossiers, lookups, requests
from services.intake.store.lookups import Guarded
from services.intake.store.requests import Kept
from services.intake.usecases import events
from services.intake.usecases.door import Door
from services.intake.usecases.show_case import not_found
from shared.actor import Actor
from shared.db.transaction import city_now, transaction
from shared.errors import Kind, Refused
from shared.messaging import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine


@dataclass(frozen=True, slots=True)
class Asking:
    """One request as it arrived: its key, what is asked, and the proof of who asks."""

    key: UUID
    code: str
    asked: Asked
    actor: Actor | None = None
    secret: str | None = None
    traceparent: str | None = None


async def ask(door: Door, asking: Asking) -> Kept:
    """The request as kept; the same key again gives the same. Raises Refused with what to do instead."""
    async with transaction(door.pool) as tx:
        found = await lookups.lock_by_code(tx, asking.code)
        at = await city_now(tx)
        dossier, actor = _allowed(door, asking, found, at)
        request = Kept(asking.key, dossier.id, TYPES[type(asking.asked)], at)
        earlier = await requests.claim(tx, request)
        if earlier is not None:
            return _again(request, earlier)
        after = _done(door, asking, dossier, at)
        if after is not dossier:
            await dossiers.save_acts(tx, [after])
        data = told(asking.asked, after, actor, at)
        act, facts = request.type.removesuffix(".v1"), {"key": str(asking.key), "state": after.state.value}
        await audit_chain.append(tx, [AuditLine(dossier.root_id, act, actor, at, facts)])
        await outbox.append(tx, [events.requested(after, request.type, data, actor, at, asking.traceparent)])
        return request


def _done(door: Door, asking: Asking, dossier: Dossier, at: datetime) -> Dossier:
    """The dossier after what the door itself does; whatever is refused takes its key back with it."""
    outcome = in_order(asking.asked, dossier) or acted(asking.asked, dossier, door.catalogue.current, at)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _allowed(door: Door, asking: Asking, found: Guarded | None, at: datetime) -> tuple[Dossier, Actor]:
    """The dossier and who asks: the holder of its slip for what is theirs, else its counter."""
    if asking.actor is not None:
        if found is None:
            raise no_such_dossier()
        barred = may_decide(asking.actor, door.catalogue.current, found.dossier.receiving_office, at.date())
        if barred is not None:
            raise barred
        return found.dossier, asking.actor
    if not door.keys.opens(asking.secret or "", found.secret_mac if found else None) or found is None:
        raise not_found()
    if not isinstance(asking.asked, OWN):
        raise _the_counters()
    return found.dossier, holder_of_slip(found.dossier.filed_by)


def _again(request: Kept, earlier: Kept) -> Kept:
    if (earlier.dossier_id, earlier.type) == (request.dossier_id, request.type):
        return earlier
    raise Refused(
        "key_used",
        "Mã gửi này đã dùng cho một yêu cầu khác. Hãy tạo mã mới.",
        "This Idempotency-Key was used for another request. Please make a new key.",
        Kind.CONFLICT,
    )


def _the_counters() -> Refused:
    return Refused(
        "counter_only",
        "Việc này do quầy nơi tiếp nhận ghi nhận. Hãy mang giấy tờ đến quầy.",
        "The counter that received the dossier records this. Please bring the papers there.",
        Kind.FORBIDDEN,
    )
