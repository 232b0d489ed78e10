"""The counter accepts dossiers with a promised date, or refuses them with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier, accept, refuse_dossier
from services.intake.domain.dossier.promise import first_promise
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.submission.access import decision_refusal
from services.intake.domain.submission.immediate_refusal import missing_text, unknown_reason
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
    """A counter's decision on one dossier: accepted if `refusal` is None."""

    code: str
    actor: Actor
    refusal: CounterRefusal | None = None
    traceparent: str | None = None


Outcome = Dossier | Refused


async def decide_dossiers(context: IntakeContext, decisions: Sequence[Decision]) -> list[Outcome]:
    """The dossier after each decision, or the refusal of the decision, in order."""
    keys = await _find_refusal_keys(context, decisions)
    async with transaction(context.pool) as tx:
        before = await dossiers.lock(tx, [decision.code for decision in decisions])
        at = await city_now(tx)
        outcomes, changed = _apply_decisions(decisions, before, context.catalogue.current, at)
        if changed:
            await _save(tx, changed, keys, at)
    return outcomes


def preview_acceptance(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Dossier | Refused:
    """The dossier as it would be if it were accepted now, shown at the counter before the decision."""
    procedure = _procedure_version(dossier, catalogue, at)
    office = catalogue.office(dossier.receiving_office)
    promise = first_promise(catalogue, procedure, office, dossier.submitted_at, at)
    return accept(dossier, procedure.version, promise, at)


def _procedure_version(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Procedure:
    """The version in force at acceptance; if there is none, the version under which the dossier was filed."""
    try:
        return catalogue.procedure(dossier.procedure, at.date())
    except KeyError:
        return catalogue.procedure_version(dossier.procedure, dossier.version)


def _apply_decisions(
    decisions: Sequence[Decision], before: dict[str, Dossier], catalogue: Catalogue, at: datetime
) -> tuple[list[Outcome], list[tuple[Decision, Dossier]]]:
    """Apply the decisions in order, each to the result of the previous one."""
    current = dict(before)
    outcomes: list[Outcome] = []
    changed: list[tuple[Decision, Dossier]] = []
    for decision in decisions:
        dossier = current.get(decision.code)
        if dossier is None:
            outcomes.append(refuse("no_such_dossier"))
            continue
        after = _decide(decision, dossier, catalogue, at)
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
    if refusal is not None:
        return refusal
    after = refuse_dossier(dossier, decision.refusal, at)
    if after is dossier or isinstance(after, Refused):
        return after
    return missing_text(decision.refusal, catalogue) or after


async def _find_refusal_keys(context: IntakeContext, decisions: Sequence[Decision]) -> dict[UUID, bytes]:
    """The keys that encrypt the officers' texts of refusals, fetched before any lock is taken."""
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
    sealed_texts: dict[UUID, bytes] = {}
    for decision, dossier in changed:
        key = keys.get(dossier.subject_ref)
        if decision.refusal is not None and key is not None:
            text = decision.refusal.text.encode()
            sealed_texts[dossier.subject_ref] = seals.encrypt_column(
                key, dossier.subject_ref, "refusal_text", text
            )
    if sealed_texts:
        await seals.set_refusal_text(tx, sealed_texts)
    await audit_chain.append(tx, [_audit_line(decision, dossier, at) for decision, dossier in changed])
    await outbox.append_events(tx, [_decision_event(decision, dossier, at) for decision, dossier in changed])


def _audit_line(decision: Decision, dossier: Dossier, at: datetime) -> AuditLine:
    if decision.refusal is None:
        act = "dossier.accepted"
        facts = {"promised_due_at": events.iso_text(dossier.promised_due_at), "version": dossier.version}
    else:
        act = "dossier.refused"
        facts = {"reason_code": dossier.refused_reason, "rule": dossier.refused_rule}
    return AuditLine(root_id=dossier.root_id, act=act, actor=decision.actor, at=at, facts=facts)


def _decision_event(decision: Decision, dossier: Dossier, at: datetime) -> events.NewEvent:
    if decision.refusal is None:
        return events.accepted_event(dossier, decision.actor, at, decision.traceparent)
    return events.refused_event(dossier, decision.actor, at, decision.traceparent)
