"""Submit an act of a citizen or a counter: intake applies it before acceptance, routing afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.acts.requests import (
    EVENT_TYPES,
    SLIP_HOLDER_ACTS,
    DossierAct,
    apply_act,
    check_request,
    event_body,
)
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
    """One act as received. `key`: idempotency key; `actor` or `secret`: what authorizes it."""

    key: UUID
    code: str
    act: DossierAct
    actor: Actor | None = None
    secret: str | None = None
    traceparent: str | None = None


async def submit_request(context: IntakeContext, request: DossierRequest) -> StoredRequest:
    """Apply and store the request, and publish its event. Raises Refused.

    A repeated key returns the request that was stored under it.
    """
    async with transaction(context.pool) as tx:
        match = await lookups.lock_by_code(tx, request.code)
        at = await city_now(tx)
        dossier, actor = _authorize(context, request, match, at)
        stored = StoredRequest(request.key, dossier.id, EVENT_TYPES[type(request.act)], at)
        existing = await requests.insert_or_get(tx, stored)
        if existing is not None:
            return _check_repeated(stored, existing)
        dossier_after = _apply(context, request, dossier, at)
        if dossier_after is not dossier:
            await dossiers.save_changes(tx, [dossier_after])
        data = event_body(request.act, dossier_after, actor, at)
        facts = {"key": str(request.key), "state": dossier_after.state.value}
        act = stored.type.removesuffix(".v1")
        await audit_chain.append(tx, [AuditLine(dossier.root_id, act, actor=actor, at=at, facts=facts)])
        event = events.dossier_event(
            dossier_after, stored.type, data, actor=actor, at=at, traceparent=request.traceparent
        )
        await outbox.append_events(tx, [event])
        return stored


def _apply(context: IntakeContext, request: DossierRequest, dossier: Dossier, at: datetime) -> Dossier:
    """The dossier after the act. A refusal rolls back the key too."""
    refusal = check_request(request.act, dossier)
    outcome = refusal or apply_act(request.act, dossier, context.catalogue.current, at)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _authorize(
    context: IntakeContext, request: DossierRequest, match: DossierWithSecret | None, at: datetime
) -> tuple[Dossier, Actor]:
    """The dossier, and the actor: its counter, or the holder of its slip. Raises Refused."""
    if request.actor is not None:
        if match is None:
            raise refuse("no_such_dossier")
        office = match.dossier.receiving_office
        refusal = decision_refusal(request.actor, context.catalogue.current, office, at.date())
        if refusal is not None:
            raise refusal
        return match.dossier, request.actor
    stored_mac = match.secret_mac if match else None
    if not context.keys.verify_secret(request.secret or "", stored_mac) or match is None:
        raise refuse("not_found")
    if not isinstance(request.act, SLIP_HOLDER_ACTS):
        raise refuse("recorded_by_counter")
    return match.dossier, slip_holder_actor(match.dossier.filed_by)


def _check_repeated(stored: StoredRequest, existing: StoredRequest) -> StoredRequest:
    if (existing.dossier_id, existing.type) == (stored.dossier_id, stored.type):
        return existing
    raise refuse("key_used_for_request")
