"""Apply intake's events: they open cases, start work, end cases before acceptance, or make requests."""

from collections.abc import Sequence
from uuid import UUID

from services.routing.domain.acts import intake_events, payment, result_returned, supplement, withdrawal
from services.routing.domain.case.case import Case, CaseChange, Cause, FiledPaper
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.plan.effects import decline_request
from services.routing.domain.plan.papers_already_filed import step_papers
from services.routing.store import history
from services.routing.store.history import AppliedCause
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.catalogue import Catalogue
from shared.db.transaction import Tx
from shared.errors import PoisonRecord, Refused
from shared.events.case import CitizenRequest, RequestKind
from shared.events.dossier import (
    DossierAccepted,
    DossierPaid,
    DossierRefused,
    DossierReturned,
    DossierStopped,
    DossierSubmitted,
    DossierSupplemented,
    DossierSupplementRequested,
    WithdrawalCancelled,
    WithdrawalRequested,
)
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger
from shared.same_fields import same_fields
from shared.states import State, StateEvent

log = get_logger(__name__)

REQUESTS = frozenset(
    {
        StateEvent.WITHDRAWAL_REQUESTED,
        StateEvent.WITHDRAWAL_CANCELLED,
        StateEvent.SUPPLEMENTED,
        StateEvent.PAID,
        StateEvent.RETURNED,
    }
)
"""Requests that routing may decline."""
REPEATABLE_EVENTS = REQUESTS | {StateEvent.SUPPLEMENT_REQUESTED, StateEvent.STOPPED}
"""Events that may occur more than once in a case; a repetition is recognized by its id only."""


OF_SUBMISSION = same_fields(Case, DossierSubmitted, beside=("papers",))
OF_REQUEST = same_fields(CitizenRequest, DossierSupplementRequested)


async def apply_intake_events(tx: Tx, batch: Batch[Event], work: CaseUnitOfWork) -> None:
    """Apply a batch of events to the locked cases, each root's events in order."""
    applied = await _applied_requests(tx, batch.events)
    for root, events in batch.by_root():
        for event in events:
            if AppliedCause(root, str(event.id)) in applied:
                continue
            change = _decide(work.current(root), event, work.rules)
            if change is not None:
                work.apply(change)
    await work.save(tx)
    log.info("cases.updated", facts=len(batch.events), roots=len(batch.roots))


def _decide(case: Case | None, event: Event, rules: Rules) -> CaseChange | None:
    """Judge one event; None if it had its effect before. Raises PoisonRecord for an impossible one."""
    fact = _fact(event)
    if case is not None and intake_events.is_already_applied(case, fact):
        log.info("fact.already_applied", root=str(case.root), fact=fact.value)
        return None
    if case is None and fact is not StateEvent.SUBMITTED:
        raise PoisonRecord("no_case", f"{event.type} of {event.key}, which was never submitted")
    decision = _apply(case, event, rules)
    # A citizen's request may come too late and is declined; any other refusal means a fault in intake.
    if isinstance(decision, Refused) and case is not None and fact in REQUESTS:
        return decline_request(case, decision, _cause(event), rules.now)
    if isinstance(decision, Refused):
        raise PoisonRecord(decision.code, decision.en)
    return decision


async def _applied_requests(tx: Tx, events: Sequence[Event]) -> set[AppliedCause]:
    """Which repeatable events of the batch were applied before. Most batches have none: then no query."""
    requests = [
        AppliedCause(event.root, str(event.id)) for event in events if _fact(event) in REPEATABLE_EVENTS
    ]
    if not requests:
        return set()
    return await history.applied_causes(tx, requests)


def _apply(case: Case | None, event: Event, rules: Rules) -> CaseChange | Refused:
    cause = _cause(event)
    match event.data, case:
        case DossierSubmitted() as data, None:
            return intake_events.open_case(
                _new_case(event, data, rules.catalogue), data.answer_by, cause=cause, rules=rules
            )
        case DossierAccepted() as data, Case() as existing:
            return intake_events.accept_case(existing, _acceptance(event, data), cause=cause, rules=rules)
        case DossierRefused() as data, Case() as existing:
            return intake_events.refuse_case(existing, data, cause, rules.now)
        case DossierSupplementRequested() as data, Case() as existing:
            return intake_events.record_supplement_request(
                existing, _supplement_request(existing, data), cause, rules.now
            )
        case DossierStopped() as data, Case() as existing:
            return intake_events.stop_case(
                existing, data.stopped_at, reason=data.reason_code, cause=cause, at=rules.now
            )
        case _, Case() as existing:
            return _judge(existing, event, cause, rules)
        case _:
            raise PoisonRecord("not_ours", f"no rule for {event.type}")


def _judge(case: Case, event: Event, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Judge a request of the citizen after acceptance."""
    match event.data:
        case WithdrawalRequested():
            return withdrawal.request_withdrawal(case, cause, rules.now)
        case WithdrawalCancelled():
            return withdrawal.cancel_withdrawal(case, cause, rules)
        case DossierSupplemented(answered_at=answered_at):
            return supplement.record_supplement(case, answered_at, cause=cause, rules=rules)
        case DossierPaid() as data:
            return payment.record_payment(case, data, cause, rules)
        case DossierReturned():
            return result_returned.close_after_hand_over(case, cause, rules.now)
        case _:
            raise PoisonRecord("not_ours", f"no rule for {event.type}")


def _supplement_request(case: Case, data: DossierSupplementRequested) -> CitizenRequest:
    return CitizenRequest(**OF_REQUEST(data), kind=RequestKind.SUPPLEMENT, office=case.receiving_office)


def _cause(event: Event) -> Cause:
    return Cause(event.type, str(event.id), event.actor)


def _fact(event: Event) -> StateEvent:
    return StateEvent(event.type.rsplit(".", 1)[0])


def _new_case(event: Event, data: DossierSubmitted, catalogue: Catalogue) -> Case:
    procedure = event.procedure
    position = next_position(ProcessPosition(State.DRAFT), StateEvent.SUBMITTED)
    if procedure is None or isinstance(position, Refused):
        raise PoisonRecord("no_procedure", f"{event.type} names no procedure")
    papers = [FiledPaper(paper.type, paper.form, paper.holder) for paper in data.papers]
    return Case(
        **OF_SUBMISSION(data),
        root=UUID(event.key),
        state=position.state,
        procedure=procedure.code,
        version=procedure.version,
        channel=event.channel or "",
        receiving_short=catalogue.office(data.receiving_office).short,
        papers=step_papers(catalogue.procedure_version(procedure.code, procedure.version), papers),
    )


def _acceptance(event: Event, data: DossierAccepted) -> intake_events.Acceptance:
    if event.procedure is None:
        raise PoisonRecord("no_procedure", f"{event.type} names no procedure")
    version = event.procedure.version
    return intake_events.Acceptance(data.accepted_at, version, data.promised_due_at, data.explanation)
