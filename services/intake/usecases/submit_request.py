"""A citizen or a counter asks for something: the door does what is its own, routing judges the rest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.acts.requests import OWN, TYPES, Asked, apply_act, check_request, event_body
from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.submission.access import decision_refusal, slip_holder_actor
from services.intake.store import dossiers, lookups, requests
from services.intake.store.lookups import DossierWithSecret
from services.intake.store.requests import StoredRequest
from services.intake.usecases import events
from services.intake.usecases.context import IntakeContext
from services.intake.words import refuse
from shared.actor import Actor
from shared.db.transaction import city_now, transaction
from shared.errors import Refused
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine


@dataclass(frozen=True, slots=True)
class DossierRequest:
    """One request as it arrived: its key, what is asked, and the proof of who asks."""

    key: UUID
    code: str
    asked: Asked
    actor: Actor | None = None
    secret: str | None = None
    traceparent: str | None = None


async def submit_request(door: IntakeContext, asking: DossierRequest) -> StoredRequest:
    """The request as kept; the same key again gives the same. Raises Refused with what to do instead."""
    async with transaction(door.pool) as tx:
        found = await lookups.lock_by_code(tx, asking.code)
        at = await city_now(tx)
        dossier, actor = _allowed(door, asking, found, at)
        request = StoredRequest(asking.key, dossier.id, TYPES[type(asking.asked)], at)
        earlier = await requests.insert_or_get(tx, request)
        if earlier is not None:
            return _again(request, earlier)
        after = _done(door, asking, dossier, at)
        if after is not dossier:
            await dossiers.save_changes(tx, [after])
        data = event_body(asking.asked, after, actor, at)
        act, facts = request.type.removesuffix(".v1"), {"key": str(asking.key), "state": after.state.value}
        await audit_chain.append(tx, [AuditLine(dossier.root_id, act, actor, at, facts)])
        await outbox.append_events(
            tx, [events.requested_event(after, request.type, data, actor, at, asking.traceparent)]
        )
        return request


def _done(door: IntakeContext, asking: DossierRequest, dossier: Dossier, at: datetime) -> Dossier:
    """The dossier after what the door itself does; whatever is refused takes its key back with it."""
    outcome = check_request(asking.asked, dossier) or apply_act(
        asking.asked, dossier, door.catalogue.current, at
    )
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _allowed(
    door: IntakeContext, asking: DossierRequest, found: DossierWithSecret | None, at: datetime
) -> tuple[Dossier, Actor]:
    """The dossier and who asks: the holder of its slip for what is theirs, else its counter."""
    if asking.actor is not None:
        if found is None:
            raise refuse("no_such_dossier")
        barred = decision_refusal(
            asking.actor, door.catalogue.current, found.dossier.receiving_office, at.date()
        )
        if barred is not None:
            raise barred
        return found.dossier, asking.actor
    if not door.keys.verify_secret(asking.secret or "", found.secret_mac if found else None) or found is None:
        raise refuse("not_found")
    if not isinstance(asking.asked, OWN):
        raise refuse("recorded_by_counter")
    return found.dossier, slip_holder_actor(found.dossier.filed_by)


def _again(request: StoredRequest, earlier: StoredRequest) -> StoredRequest:
    if (earlier.dossier_id, earlier.type) == (request.dossier_id, request.type):
        return earlier
    raise refuse("key_used_for_request")
