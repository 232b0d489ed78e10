"""Apply replies of parties, read from their topics."""

from collections import Counter
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
from shared.events.agency import ReplyRejected
from shared.events.agency_replies import AgencyReply, RequestFields
from shared.events.envelope import NewEvent
from shared.messaging.deadletter.held_store import insert_held
from shared.messaging.publish import outbox
from shared.messaging.record.batch import Batch, UnreadableRecord
from shared.messaging.record.classify import HoldDecision
from shared.messaging.record.routes import DecodedRecord
from shared.observability.logs import get_logger
from shared.same_fields import same_fields

log = get_logger(__name__)

ACTS: dict[str, TaskAct | OfficeRequest] = {
    type: act for act, type in FACTS.items() if type in agency.REPLY_TYPES
} | {agency.ANSWERED: TaskAct.COMPLETE}


OF_REQUEST = same_fields(RequestDetails, RequestFields)


async def record_replies(tx: Tx, batch: Batch[AgencyReply], work: CaseUnitOfWork) -> None:
    """Apply a batch of replies in order. A refused reply is reported to its sender and kept as held."""
    refusals: list[tuple[AgencyReply, Refused]] = []
    without_effect = Counter[tuple[str, str]]()
    for reply in batch.events:
        decision = apply_reply(work.current(reply.root), _task_reply(reply), work.rules)
        match decision:
            case CaseChange():
                work.apply(decision)
            case NoEffect(reason):
                without_effect[reply.party, reason] += 1
            case Refused():
                refusals.append((reply, decision))
                work.reject_reply(_rejection(reply, decision, work.rules.now))
    await work.save(tx)
    await _hold_refused(tx, batch, refusals)
    for (party, reason), count in without_effect.items():
        log.info("reply.without_effect", party=party, reason=reason, replies=count)
    log.info("replies.recorded", replies=len(batch.events), refused=len(refusals))


async def report_unreadable(tx: Tx, records: Sequence[UnreadableRecord]) -> None:
    """Report unreadable records to their senders, with field and remedy; the originals are in `held`."""
    at = await city_now(tx)
    await outbox.append_events(tx, [_unreadable_rejection(record, at) for record in records])
    problems = Counter((record.party, record.problem.code, record.problem.field) for record in records)
    for (party, code, field), count in problems.items():
        log.warning("reply.unreadable", party=party, code=code, field=field, replies=count)


async def _hold_refused(
    tx: Tx, batch: Batch[AgencyReply], refusals: Sequence[tuple[AgencyReply, Refused]]
) -> None:
    decisions: list[HoldDecision] = []
    for reply, refusal in refusals:
        record = batch.record_of(reply)
        if record is not None:
            decoded = DecodedRecord(record, record.key_text, reply.id)
            decisions.append(HoldDecision(decoded, "kept", refusal.code, refusal.en, blocks=False))
    await insert_held(tx, decisions)
    for (party, code), count in Counter((reply.party, refusal.code) for reply, refusal in refusals).items():
        log.warning("reply.refused", party=party, code=code, replies=count)


def _task_reply(reply: AgencyReply) -> TaskReply:
    return TaskReply(
        task_id=reply.task_id,
        act=ACTS[reply.type],
        office=reply.office,
        actor=Actor(kind="party", party=reply.party, office=reply.office),
        cause=reply.type,
        cause_id=reply.id,
        party=reply.party,
        outcome=reply.outcome,
        reason=reply.reason,
        stated_at=reply.stated_at,
        details=request_details(reply.asked),
    )


def request_details(fields: RequestFields) -> RequestDetails:
    """The request fields of a reply as the parameters of an act."""
    return RequestDetails(**OF_REQUEST(fields), findings=fields.found)


def _rejection(reply: AgencyReply, refusal: Refused, at: datetime) -> NewEvent:
    position = RecordPosition(reply.partition, reply.offset, reply.id)
    return _problem_event(
        reply.party, str(reply.root), rejection=rejection_event(refusal, position), at=at, cause=reply.id
    )


def _unreadable_rejection(record: UnreadableRecord, at: datetime) -> NewEvent:
    rejection = ReplyRejected(
        partition=record.partition,
        offset=record.offset,
        code=record.problem.code,
        field=record.problem.field,
        remedy_vi=record.problem.vi,
        remedy_en=record.problem.en,
        reply_id=record.reply_id,
    )
    return _problem_event(
        record.party, record.key or record.party, rejection=rejection, at=at, cause=record.reply_id
    )


def _problem_event(
    party: str, key: str, rejection: ReplyRejected, at: datetime, cause: str | None
) -> NewEvent:
    return NewEvent(
        topic=topics.problems_topic(party).name,
        key=key,
        type=agency.REJECTED,
        data=rejection,
        actor=BY_RULE,
        time=at,
        causation_id=cause,
    )
