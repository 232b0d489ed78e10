"""Offices' answers by topic move their tasks, and the case when the last one is in."""

from collections.abc import Sequence
from datetime import datetime

from services.routing.domain.case import BY_RULE, Change
from services.routing.domain.family import answer
from services.routing.domain.rejecting import Place, rejection
from services.routing.domain.task import Act, Ask, Nothing, Said, Wants
from services.routing.usecases.act_on_tasks import FACTS
from services.routing.usecases.book import Book
from shared.actor import Actor
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.events import agency, topics
from shared.events.agency import AgencyReplied, ReplyRejected
from shared.events.envelope import NewEvent
from shared.messaging import outbox
from shared.messaging.batch import Batch, UnreadableRecord
from shared.messaging.holding import keep
from shared.messaging.routes import Read
from shared.messaging.sorting import Hold
from shared.observability.logs import get_logger

log = get_logger(__name__)

ACTS: dict[str, Act | Ask] = {type: act for act, type in FACTS.items() if type in agency.REPLY_TYPES} | {
    agency.ANSWERED: Act.COMPLETE
}


async def record_replies(tx: Tx, batch: Batch[AgencyReplied], book: Book) -> None:
    """In order, each on what the one before left on the book. What cannot be used goes back to its sender."""
    refused: list[tuple[AgencyReplied, Refused]] = []
    for said in batch.events:
        decided = answer(book.case(said.root), _said(said), book.catalogue, book.at)
        match decided:
            case Change():
                book.take(decided)
            case Nothing(why):
                log.info("reply.without_effect", party=said.party, reply=said.id, why=why)
            case Refused():
                refused.append((said, decided))
                book.tell_party(_problem(said, decided, book.at))
    await book.write(tx)
    await _keep(tx, batch, refused)
    log.info("replies.recorded", replies=len(batch.events), refused=len(refused))


async def report_unreadable(tx: Tx, records: Sequence[UnreadableRecord]) -> None:
    """What is not even a reply goes back too, with the field and the remedy; the original stays in `held`."""
    at = await city_now(tx)
    await outbox.append(tx, [_unreadable(record, at) for record in records])
    for record in records:
        log.warning("reply.unreadable", party=record.party, code=record.why.code, field=record.why.field)


async def _keep(
    tx: Tx, batch: Batch[AgencyReplied], refused: Sequence[tuple[AgencyReplied, Refused]]
) -> None:
    originals = [(said, batch.original(said), why) for said, why in refused]
    await keep(
        tx,
        [
            Hold(Read(record, record.key_text, said.id), "kept", why.code, why.en, blocks=False)
            for said, record, why in originals
            if record is not None
        ],
    )
    for said, why in refused:
        log.warning("reply.refused", party=said.party, reply=said.id, code=why.code)


def _said(said: AgencyReplied) -> Said:
    return Said(
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
        wants=wanted(said.asked),
    )


def wanted(asked: agency.AskedFor) -> Wants:
    """What is asked for, as the rules read it."""
    return Wants(**{name: getattr(asked, name) for name in agency.AskedFor.model_fields})


def _problem(said: AgencyReplied, why: Refused, at: datetime) -> NewEvent:
    place = Place(said.partition, said.offset, said.id)
    return _rejected(said.party, str(said.root), rejection(why, place), at, said.id)


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
        topic=topics.problems(party).name,
        key=key,
        type=agency.REJECTED,
        data=told,
        actor=BY_RULE,
        time=at,
        causation_id=cause,
    )
