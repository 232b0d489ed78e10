"""What intake says of dossiers opens cases, starts the work, ends it at the door, or asks for something."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.routing.domain import door, hand_over, payment, supplement, withdrawal
from services.routing.domain.case import Case, Cause, Change, Paper
from services.routing.domain.filed_first import kept_papers
from services.routing.domain.judged import declined
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.standing import Fact, Standing, State
from services.routing.domain.state import move
from services.routing.store import history
from services.routing.usecases.book import Book
from shared.catalogue import Catalogue
from shared.db.transaction import Tx
from shared.errors import Broken, Refused
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
from shared.messaging.batch import Batch
from shared.observability.logs import get_logger

log = get_logger(__name__)

REQUESTS = frozenset(
    {
        Fact.WITHDRAWAL_REQUESTED,
        Fact.WITHDRAWAL_CANCELLED,
        Fact.SUPPLEMENTED,
        Fact.PAID,
        Fact.RETURNED,
    }
)
"""What intake asks for and routing judges."""
ONCE = REQUESTS | {Fact.SUPPLEMENT_REQUESTED, Fact.STOPPED}
"""What may happen more than once, and is known again by its id alone."""


async def follow_dossiers(tx: Tx, batch: Batch[Event], book: Book) -> None:
    """Submitted, accepted, refused: each root's facts in their order, on the book of the batch's roots."""
    heard = await _requests_heard(tx, batch.events)
    for root, events in batch.by_root():
        for event in events:
            if (root, str(event.id)) in heard:
                continue
            change = _decide(book.case(root), event, book.catalogue, book.at)
            if change is not None:
                book.take(change)
    await book.write(tx)
    log.info("cases.followed", facts=len(batch.events), roots=len(batch.roots))


def _decide(case: Case | None, event: Event, catalogue: Catalogue, at: datetime) -> Change | None:
    """What one fact does; None when it had its effect before. What intake may not say is broken."""
    fact = _fact(event)
    if case is not None and door.heard_before(case, fact):
        log.info("fact.told_twice", root=str(case.root), fact=fact.value)
        return None
    if case is None and fact is not Fact.SUBMITTED:
        raise Broken("no_case", f"{event.type} of {event.key}, which was never submitted")
    decided = _apply(case, event, catalogue, at)
    if isinstance(decided, Refused) and case is not None and fact in REQUESTS:
        return declined(case, decided, _cause(event), at)
    if isinstance(decided, Refused):
        raise Broken(decided.code, decided.en)
    return decided


async def _requests_heard(tx: Tx, events: Sequence[Event]) -> set[tuple[UUID, str]]:
    """Which of these facts had their effect before. Most batches have none of the kind, and ask nothing."""
    asked = [(event.root, str(event.id)) for event in events if _fact(event) in ONCE]
    return await history.known_causes(tx, asked) if asked else set()


def _apply(case: Case | None, event: Event, catalogue: Catalogue, at: datetime) -> Change | Refused:
    cause = _cause(event)
    match event.data, case:
        case DossierSubmitted() as said, None:
            return door.open_case(_new_case(event, said, catalogue), said.answer_by, cause, catalogue, at)
        case DossierAccepted() as said, Case() as known:
            return door.accept(known, _accepted(event, said), cause, catalogue, at)
        case DossierRefused() as said, Case() as known:
            why = door.NotAccepted(said.refused_at, said.reason_code, said.rule)
            return door.refuse(known, why, cause, at)
        case DossierSupplementRequested() as said, Case() as known:
            return door.ask_papers(known, _papers_asked(known, said), cause, at)
        case DossierStopped() as said, Case() as known:
            return door.stop(known, said.stopped_at, said.reason_code, cause, at)
        case _, Case() as known:
            return _judge(known, event, catalogue, at)
        case _:
            raise Broken("not_ours", f"no rule for {event.type}")


def _judge(case: Case, event: Event, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """What the citizen asks for after acceptance: routing's to grant or to decline."""
    cause = _cause(event)
    match event.data:
        case WithdrawalRequested():
            return withdrawal.ask(case, cause, at)
        case WithdrawalCancelled():
            return withdrawal.cancel(case, cause, catalogue, at)
        case DossierSupplemented(answered_at=answered_at):
            return supplement.answered(case, answered_at, cause, catalogue, at)
        case DossierPaid(amount=amount, paid_at=paid_at):
            return payment.paid(case, payment.Payment(amount, paid_at), cause, catalogue, at)
        case DossierReturned():
            return hand_over.returned(case, cause, at)
        case _:
            raise Broken("not_ours", f"no rule for {event.type}")


def _papers_asked(case: Case, said: DossierSupplementRequested) -> OpenRequest:
    return OpenRequest(
        kind=Asked.SUPPLEMENT,
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


def _fact(event: Event) -> Fact:
    return Fact(event.type.rsplit(".", 1)[0])


def _new_case(event: Event, said: DossierSubmitted, catalogue: Catalogue) -> Case:
    procedure = event.procedure
    standing = move(Standing(State.DRAFT), Fact.SUBMITTED)
    if procedure is None or isinstance(standing, Refused):
        raise Broken("no_procedure", f"{event.type} names no procedure")
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
        papers=kept_papers(
            catalogue.procedure_version(procedure.code, procedure.version),
            (Paper(paper.type, paper.form, paper.holder) for paper in said.papers),
        ),
    )


def _accepted(event: Event, said: DossierAccepted) -> door.Accepted:
    if event.procedure is None:
        raise Broken("no_procedure", f"{event.type} names no procedure")
    lines = tuple(line.model_dump(mode="json", by_alias=True) for line in said.explanation)
    return door.Accepted(said.accepted_at, event.procedure.version, said.promised_due_at, lines)
