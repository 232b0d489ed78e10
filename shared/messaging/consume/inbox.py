"""The inbox: FastStream's middleware that applies each batch once, in order, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from faststream import BaseMiddleware, Context
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage

from shared.db.transaction import Tx, transaction
from shared.messaging.consume.poison_isolation import BatchAbandoned, apply_isolating_poison
from shared.messaging.consume.process_batch import count_batch, process_batch
from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.fetch.fenced_consumer import FencedConsumer, RawRecord
from shared.messaging.record.batch import Batch
from shared.messaging.record.records import from_kafka
from shared.messaging.record.routes import DecodedRecord
from shared.observability import correlation, metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def keep_raw_records(records: tuple[RawRecord, ...]) -> KafkaMessage:
    """Return the raw message: FastStream's own parser loses a batch over one header that is not UTF-8."""
    return KafkaMessage(raw_message=records, body=b"", headers={}, consumer=FAKE_CONSUMER)


class Inbox(BaseMiddleware[Any, Any]):
    """The middleware of one batch: fence, parked keys, duplicates, held records, then the handler.

    FastStream creates one for each batch. The handler runs inside the inbox's transaction and gets it as
    `tx: CurrentTx`. No exception leaves it, because FastStream would go on with the next batch.
    """

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:
        """Handle the records of this message; return once they are handled or their partition was revoked."""
        self._call_next = call_next
        self.reader: TopicReader = self.context.get_local("broker").reader_of(
            self.context.get_local("handler_")
        )
        self.route, self.pool = self.reader.route, self.reader.pool
        consumer = self.reader.consumer
        if consumer is None:
            return
        try:
            async with consumer.gate.busy:
                if await self._is_ours(consumer, msg.raw_message):
                    await self._work(consumer, msg.raw_message)
        except Exception:
            consumer.lose_place()

    async def _is_ours(self, consumer: FencedConsumer, records: Sequence[RawRecord]) -> bool:
        if not consumer.gate.is_current(consumer.batch_generation):
            return False
        return await consumer.is_right_behind(records)

    async def _work(self, consumer: FencedConsumer, records: Sequence[RawRecord]) -> None:
        generation = consumer.batch_generation
        reads = [self.route.read(from_kafka(record, self.reader.topic_prefix)) for record in records]
        try:
            await self._insist(reads, lambda: consumer.gate.is_current(generation))
        except BatchAbandoned:
            return
        self.reader.count_batch()
        consumer.mark_handled(records)

    async def _insist(self, reads: Sequence[DecodedRecord], still_ours: Callable[[], bool]) -> None:
        """Handle a batch, setting records aside that break it; retry until that succeeds."""
        while True:
            try:
                await apply_isolating_poison(reads, self._apply, self._set_aside, still_ours)
                return
            except BatchAbandoned:
                raise
            except Exception:
                log.exception("batch.stuck", topic=self.route.label)
                await asyncio.sleep(0.5)

    async def _apply(self, reads: Sequence[DecodedRecord]) -> None:
        with metrics.STAGE.labels(f"handle {self.route.label}").time():
            async with transaction(self.pool) as tx:
                decision = await process_batch(tx, self.route, reads, self._handle)
        correlation.set_batch_traces({})
        count_batch(decision, self.route.label)

    async def _set_aside(self, read: DecodedRecord, failure: Exception) -> None:
        log.warning("record.isolated", topic=read.record.topic, error=type(failure).__name__)
        await self._apply([replace(read, failure=failure)])

    async def _handle(self, tx: Tx, batch: Batch[Any]) -> None:
        with self.context.scope("tx", tx):
            await self._call_next(message_of(batch))


def message_of(batch: Batch[Any]) -> KafkaMessage:
    """A message with this batch as its decoded body, for FastStream to pass to a handler."""
    message = KafkaMessage(raw_message=(), body=batch, headers={}, consumer=FAKE_CONSUMER)
    message.set_decoder(_body)
    return message


async def _body(message: KafkaMessage) -> Any:
    return message.body


CurrentTx = Annotated[Tx, Context("tx")]
"""The type of a handler's parameter for the transaction of its batch. The inbox commits it."""
