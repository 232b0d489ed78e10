"""Offices' answers by topic move their tasks, and the case when the last one is in."""

from collections.abc import Sequence
from datetime import datetime

from services.routing.domain.acts.reply_rejection import RecordPosition, rejection_event
from services.routing.domain.case.case import BY_RULE, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails, TaskAct, TaskReply
from services.routing.domain.family.family import apply_reply
from services.routing.usecases.act_on_tasks import FACTS
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.actor import Actor
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.events import agency, topics
from shared.events.agency import AgencyReply, ReplyRejected
from shared.events.envelope import NewEvent
from shared.messaging.deadletter.held_store import insert_held
from shared.messaging.publish import outbox
from shared.messaging.record.batch import Batch, UnreadableRecord
from shared.messaging.record.classify import HoldDecision
from shared.messaging.record.routes import DecodedRecord
from shared.observability.logs import get_logger

log = get_logger(__name__)

ACTS: dict[str, TaskAct | OfficeRequest] = {
    type: act for act, type in FACTS.items() if type in agency.REPLY_TYPES
} | {agency.ANSWERED: TaskAct.COMPLETE}


async def record_replies(tx: Tx, batch: Batch[AgencyReply], book: CaseUnitOfWork) -> None:
    """In order, each on what the one before left on the book. What cannot be used goes back to its sender."""
    refused: list[tuple[AgencyReply, Refused]] = []
    for said in batch.events:
        decided = apply_reply(book.current(said.root), _said(said), book.catalogue, book.at)
        match decided:
            case CaseChange():
                book.apply(decided)
            case NoEffect(why):
                log.info("reply.without_effect", party=said.party, reply=said.id, why=why)
            case Refused():
                refused.append((said, decided))
                book.reject_reply(_problem(said, decided, book.at))
    await book.save(tx)
    await _keep(tx, batch, refused)
    log.info("replies.recorded", replies=len(batch.events), refused=len(refused))


async def report_unreadable(tx: Tx, records: Sequence[UnreadableRecord]) -> None:
    """What is not even a reply goes back too, with the field and the remedy; the original stays in `held`."""
    at = await city_now(tx)
    await outbox.append_events(tx, [_unreadable(record, at) for record in records])
    for record in records:
        log.warning("reply.unreadable", party=record.party, code=record.why.code, field=record.why.field)


async def _keep(tx: Tx, batch: Batch[AgencyReply], refused: Sequence[tuple[AgencyReply, Refused]]) -> None:
    originals = [(said, batch.record_of(said), why) for said, why in refused]
    await insert_held(
        tx,
        [
            HoldDecision(
                DecodedRecord(record, record.key_text, said.id), "kept", why.code, why.en, blocks=False
            )
            for said, record, why in originals
            if record is not None
        ],
    )
    for said, why in refused:
        log.warning("reply.refused", party=said.party, reply=said.id, code=why.code)


def _said(said: AgencyReply) -> TaskReply:
    return TaskReply(
        task_id=said.task_id,
        act=ACTS[said.type],
        office=said.office,
        actor=Actor(kind="party", party=said.party, office=said.office),
        because=said.type,
        because_id=said.id,
        party=said.party,
        outcome=said.outcome,
        reason=said.reason,
        stated_at=said.stated_at,
        wants=request_details(said.asked),
    )


def request_details(asked: agency.RequestFields) -> RequestDetails:
    """What is asked for, as the rules read it."""
    return RequestDetails(**{name: getattr(asked, name) for name in agency.RequestFields.model_fields})


def _problem(said: AgencyReply, why: Refused, at: datetime) -> NewEvent:
    place = RecordPosition(said.partition, said.offset, said.id)
    return _rejected(said.party, str(said.root), rejection_event(why, place), at, said.id)


def _unreadable(record: UnreadableRecord, at: datetime) -> NewEvent:
    told = ReplyRejected(
        partition=record.partition,
        offset=record.offset,
        code=record.why.code,
        field=record.why.field,
        remedy_vi=record.why.vi,
        remedy_en=record.why.en,
        reply_id=record.reply_id,
    )
    return _rejected(record.party, record.key or record.party, told, at, record.reply_id)


def _rejected(party: str, key: str, told: ReplyRejected, at: datetime, cause: str | None) -> NewEvent:
    return NewEvent(
        topic=topics.problems_topic(party).name,
        key=key,
        type=agency.REJECTED,
        data=told,
        actor=BY_RULE,
        time=at,
        causation_id=cause,
    )
