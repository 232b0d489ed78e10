"""The usual routing: FastStream; a message is one SQLAlchemy session, one commit, one publish, one ack.

Tuned: eight workers, each with partitions of its own, so that order a key holds; uvloop, a pool of eight, no
line of log a message. `tuned: false`: one worker and every default.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import orjson
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.events import topics
from tests.bench.events import TOPIC
from tests.bench.peers.usual_intake import engine_for
from tests.bench.program import UNTUNED, Obey, obey
from tests.bench.serving import nothing


class Base(DeclarativeBase):
    """The twin's own tables."""


class CaseRow(Base):
    """A case."""

    __tablename__ = "usual_cases"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    procedure: Mapped[str]
    state: Mapped[str]
    place: Mapped[dict[str, Any]] = mapped_column(JSONB)


class TaskRow(Base):
    """The task of its office."""

    __tablename__ = "usual_tasks"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("usual_cases.id"), index=True)
    party: Mapped[str]
    state: Mapped[str]


def subscribe(said: dict[str, Any], engine: Any) -> KafkaBroker:
    """One handler: open the case, give its task to the party of its procedure."""
    tuned, prefix = said["tuned"], said["prefix"]
    quiet: dict[str, Any] = {"logger": None} if tuned else {}
    broker = KafkaBroker(said["kafka"], acks="all", enable_idempotence=True, **quiet)
    session_of = async_sessionmaker(engine, expire_on_commit=not tuned)

    @broker.subscriber(
        prefix + TOPIC,
        group_id=prefix + "usual",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.ACK,
        max_workers=8 if tuned else 1,
    )
    async def route(message: KafkaMessage) -> None:
        said = orjson.loads(message.body)
        root = UUID(said["dossier_id"])
        party = said["procedure"].removeprefix("bench-")
        async with session_of() as session:
            if await session.scalar(select(CaseRow.id).where(CaseRow.id == root)) is not None:
                return
            session.add(CaseRow(id=root, procedure=said["procedure"], state="accepted", place=said["place"]))
            await session.flush()
            task = TaskRow(id=uuid4(), case_id=root, party=party, state="queued")
            session.add(task)
            event = orjson.dumps({"dossier_id": str(root), "task_id": str(task.id), "party": party})
            await session.commit()
        topic = prefix + topics.tasks_topic(party).name
        await broker.publish(event, topic, key=str(root).encode())

    return broker


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Routes whatever comes."""
    engine = engine_for(said["database"], tuned=said["tuned"])
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    broker = subscribe(said, engine)
    await broker.start()
    try:
        yield nothing
    finally:
        await broker.stop()
        await engine.dispose()


if __name__ == "__main__":
    obey(main, loop="asyncio" if UNTUNED in sys.argv else "uvloop")
