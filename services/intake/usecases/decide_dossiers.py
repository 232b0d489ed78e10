"""The counter decides: accepted with a promise, or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier, accept, refuse_dossier
from services.intake.domain.dossier.promise import first_promise
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.submission.access import decision_refusal
from services.intake.domain.submission.immediate_refusal import unknown_reason
from services.intake.store import dossiers, seals
from services.intake.usecases import events
from services.intake.usecases.context import IntakeContext
from services.intake.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue, Procedure
from shared.db.transaction import Tx, city_now, transaction
from shared.errors import Refused
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine


@dataclass(frozen=True, slots=True)
class Decision:
    """What a counter says of one dossier: accepted (no refusal), or refused with its reason."""

    code: str
    actor: Actor
    refusal: CounterRefusal | None = None
    traceparent: str | None = None


Outcome = Dossier | Refused


async def decide_dossiers(context: IntakeContext, decisions: Sequence[Decision]) -> list[Outcome]:
    """The dossier after each decision, or why not, in order."""
    keys = await _find_refusal_keys(context, decisions)
    async with transaction(context.pool) as tx:
        before = await dossiers.lock(tx, [decision.code for decision in decisions])
        at = await city_now(tx)
        outcomes, changed = _apply_decisions(decisions, before, context.catalogue.current, at)
        if changed:
            await _save(tx, changed, keys, at)
    return outcomes


def preview_acceptance(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Dossier | Refused:
    """The dossier as it would stand if it were accepted now: what the counter shows before deciding."""
    procedure = _procedure_version(dossier, catalogue, at)
    office = catalogue.office(dossier.receiving_office)
    promise = first_promise(catalogue, procedure, office, dossier.submitted_at, at)
    return accept(dossier, procedure.version, promise, at)


def _procedure_version(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Procedure:
    """The version in force at acceptance, which the dossier keeps; the one filed under if none is."""
    try:
        return catalogue.procedure(dossier.procedure, at.date())
    except KeyError:
        return catalogue.procedure_version(dossier.procedure, dossier.version)


def _apply_decisions(
    decisions: Sequence[Decision], before: dict[str, Dossier], catalogue: Catalogue, at: datetime
) -> tuple[list[Outcome], list[tuple[Decision, Dossier]]]:
    """Apply the decisions in order, each to the dossier that the previous one left."""
    current, outcomes, changed = dict(before), list[Outcome](), list[tuple[Decision, Dossier]]()
    for decision in decisions:
        dossier = current.get(decision.code)
        after = refuse("no_such_dossier") if dossier is None else _decide(decision, dossier, catalogue, at)
        outcomes.append(after)
        if isinstance(after, Dossier) and after is not dossier:
            current[decision.code] = after
            changed.append((decision, after))
    return outcomes, changed


def _decide(decision: Decision, dossier: Dossier, catalogue: Catalogue, at: datetime) -> Outcome:
    refusal = decision_refusal(decision.actor, catalogue, dossier.receiving_office, at.date())
    if refusal is not None:
        return refusal
    if decision.refusal is None:
        return preview_acceptance(dossier, catalogue, at)
    refusal = unknown_reason(decision.refusal, catalogue)
    return refusal or refuse_dossier(dossier, decision.refusal, at)


async def _find_refusal_keys(context: IntakeContext, decisions: Sequence[Decision]) -> dict[UUID, bytes]:
    """The keys that seal the officers' own words, fetched before any lock is held."""
    codes = [decision.code for decision in decisions if decision.refusal]
    if not codes:
        return {}
    async with transaction(context.pool) as tx:
        subject_refs = await dossiers.subject_refs(tx, codes)
    return await context.keyring.find_keys(list(subject_refs.values()))


async def _save(
    tx: Tx, changed: Sequence[tuple[Decision, Dossier]], keys: dict[UUID, bytes], at: datetime
) -> None:
    await dossiers.save_decisions(tx, [dossier for _, dossier in changed])
    sealed_texts = {
        dossier.subject_ref: seals.encrypt_column(
            keys[dossier.subject_ref], dossier.subject_ref, "refusal_text", refusal.text.encode()
        )
        for decision, dossier in changed
        if (refusal := decision.refusal) and dossier.subject_ref in keys
    }
    if sealed_texts:
        await seals.set_refusal_text(tx, sealed_texts)
    await audit_chain.append(tx, [_audit_line(decision, dossier, at) for decision, dossier in changed])
    await outbox.append_events(tx, [_decision_event(decision, dossier, at) for decision, dossier in changed])


def _audit_line(decision: Decision, dossier: Dossier, at: datetime) -> AuditLine:
    if decision.refusal is None:
        facts = {"promised_due_at": events.iso_text(dossier.promised_due_at), "version": dossier.version}
        return AuditLine(dossier.root_id, "dossier.accepted", decision.actor, at, facts)
    facts = {"reason_code": dossier.refused_reason, "rule": dossier.refused_rule}
    return AuditLine(dossier.root_id, "dossier.refused", decision.actor, at, facts)


def _decision_event(decision: Decision, dossier: Dossier, at: datetime) -> events.NewEvent:
    if decision.refusal is None:
        return events.accepted_event(dossier, decision.actor, at, decision.traceparent)
    return events.refused_event(dossier, decision.actor, at, decision.traceparent)
