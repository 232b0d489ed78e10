"""What intake says of dossiers opens cases, starts the work, ends it at the door, or asks for something."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.routing.domain.acts import intake_events, payment, result_returned, supplement, withdrawal
from services.routing.domain.case.case import Case, CaseChange, Cause, FiledPaper
from services.routing.domain.case.open_request import CitizenRequest, RequestKind
from services.routing.domain.case.position import ProcessPosition, State, StateEvent
from services.routing.domain.case.state import next_position
from services.routing.domain.plan.effects import declined_request
from services.routing.domain.plan.papers_already_filed import step_papers
from services.routing.store import history
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.catalogue import Catalogue
from shared.db.transaction import Tx
from shared.errors import PoisonRecord, Refused
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
from shared.events.envelope import Event, data_document
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger

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
"""What intake asks for and routing judges."""
ONCE = REQUESTS | {StateEvent.SUPPLEMENT_REQUESTED, StateEvent.STOPPED}
"""What may happen more than once, and is known again by its id alone."""


async def apply_intake_events(tx: Tx, batch: Batch[Event], book: CaseUnitOfWork) -> None:
    """Submitted, accepted, refused: each root's facts in their order, on the book of the batch's roots."""
    heard = await _requests_heard(tx, batch.events)
    for root, events in batch.by_root():
        for event in events:
            if (root, str(event.id)) in heard:
                continue
            change = _decide(book.current(root), event, book.catalogue, book.at)
            if change is not None:
                book.apply(change)
    await book.save(tx)
    log.info("cases.followed", facts=len(batch.events), roots=len(batch.roots))


def _decide(case: Case | None, event: Event, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """What one fact does; None when it had its effect before. What intake may not say is broken."""
    fact = _fact(event)
    if case is not None and intake_events.is_already_applied(case, fact):
        log.info("fact.told_twice", root=str(case.root), fact=fact.value)
        return None
    if case is None and fact is not StateEvent.SUBMITTED:
        raise PoisonRecord("no_case", f"{event.type} of {event.key}, which was never submitted")
    decided = _apply(case, event, catalogue, at)
    if isinstance(decided, Refused) and case is not None and fact in REQUESTS:
        return declined_request(case, decided, _cause(event), at)
    if isinstance(decided, Refused):
        raise PoisonRecord(decided.code, decided.en)
    return decided


async def _requests_heard(tx: Tx, events: Sequence[Event]) -> set[tuple[UUID, str]]:
    """Which of these facts had their effect before. Most batches have none of the kind, and ask nothing."""
    asked = [(event.root, str(event.id)) for event in events if _fact(event) in ONCE]
    return await history.applied_causes(tx, asked) if asked else set()


def _apply(case: Case | None, event: Event, catalogue: Catalogue, at: datetime) -> CaseChange | Refused:
    cause = _cause(event)
    match event.data, case:
        case DossierSubmitted() as said, None:
            return intake_events.open_case(
                _new_case(event, said, catalogue), said.answer_by, cause, catalogue, at
            )
        case DossierAccepted() as said, Case() as known:
            return intake_events.accept_case(known, _accepted(event, said), cause, catalogue, at)
        case DossierRefused() as said, Case() as known:
            why = intake_events.Rejection(said.refused_at, said.reason_code, said.rule)
            return intake_events.refuse(known, why, cause, at)
        case DossierSupplementRequested() as said, Case() as known:
            return intake_events.record_supplement_request(known, _papers_asked(known, said), cause, at)
        case DossierStopped() as said, Case() as known:
            return intake_events.stop_case(known, said.stopped_at, said.reason_code, cause, at)
        case _, Case() as known:
            return _judge(known, event, catalogue, at)
        case _:
            raise PoisonRecord("not_ours", f"no rule for {event.type}")


def _judge(case: Case, event: Event, catalogue: Catalogue, at: datetime) -> CaseChange | Refused:
    """What the citizen asks for after acceptance: routing's to grant or to decline."""
    cause = _cause(event)
    match event.data:
        case WithdrawalRequested():
            return withdrawal.ask(case, cause, at)
        case WithdrawalCancelled():
            return withdrawal.cancel(case, cause, catalogue, at)
        case DossierSupplemented(answered_at=answered_at):
            return supplement.record_supplement(case, answered_at, cause, catalogue, at)
        case DossierPaid(amount=amount, paid_at=paid_at):
            return payment.record_payment(case, payment.Payment(amount, paid_at), cause, catalogue, at)
        case DossierReturned():
            return result_returned.close_after_hand_over(case, cause, at)
        case _:
            raise PoisonRecord("not_ours", f"no rule for {event.type}")


def _papers_asked(case: Case, said: DossierSupplementRequested) -> CitizenRequest:
    return CitizenRequest(
        kind=RequestKind.SUPPLEMENT,
        office=case.receiving_office,
        asked_at=said.asked_at,
        answer_by=said.answer_by,
        nth=said.nth,
        items=said.items,
        basis=said.basis,
        approved_by=said.approved_by,
    )


def _cause(event: Event) -> Cause:
    return Cause(event.type, str(event.id), event.actor)


def _fact(event: Event) -> StateEvent:
    return StateEvent(event.type.rsplit(".", 1)[0])


def _new_case(event: Event, said: DossierSubmitted, catalogue: Catalogue) -> Case:
    procedure = event.procedure
    standing = next_position(ProcessPosition(State.DRAFT), StateEvent.SUBMITTED)
    if procedure is None or isinstance(standing, Refused):
        raise PoisonRecord("no_procedure", f"{event.type} names no procedure")
    return Case(
        root=UUID(event.key),
        code=said.code,
        state=standing.state,
        procedure=procedure.code,
        version=procedure.version,
        channel=event.channel or "",
        subject_ref=said.subject_ref,
        link_ref=said.link_ref,
        place=said.place,
        facts=said.facts,
        delivery=said.delivery,
        filed_by=said.filed_by,
        receiving_office=said.receiving_office,
        receiving_short=catalogue.office(said.receiving_office).short,
        auto_accept=said.auto_accept,
        submitted_at=said.submitted_at,
        papers=step_papers(
            catalogue.procedure_version(procedure.code, procedure.version),
            (FiledPaper(paper.type, paper.form, paper.holder) for paper in said.papers),
        ),
    )


def _accepted(event: Event, said: DossierAccepted) -> intake_events.Acceptance:
    if event.procedure is None:
        raise PoisonRecord("no_procedure", f"{event.type} names no procedure")
    lines = tuple(data_document(line) for line in said.explanation)
    return intake_events.Acceptance(said.accepted_at, event.procedure.version, said.promised_due_at, lines)
