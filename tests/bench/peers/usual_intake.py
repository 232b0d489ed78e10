"""The usual intake: FastAPI, one SQLAlchemy session, one commit and one publish a request.

Tuned as such services are: uvloop, httptools, a pool of eight, objects kept after the commit, orjson answers.
`tuned: false` is the same code with every default left alone.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI, Header
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from tests.bench.program import UNTUNED, Obey, obey
from tests.bench.serving import nothing, serving


class Base(DeclarativeBase):
    """The twin's own tables."""


class DossierRow(Base):
    """A dossier."""

    __tablename__ = "usual_dossiers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(unique=True)
    procedure: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    place: Mapped[dict[str, Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    applicant: Mapped[dict[str, Any]] = mapped_column(JSONB)
    contact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    delivery: Mapped[str]
    submitted_at: Mapped[datetime]
    papers: Mapped[list[PaperRow]] = relationship()


class PaperRow(Base):
    """A paper of it."""

    __tablename__ = "usual_papers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("usual_dossiers.id"), index=True)
    type: Mapped[str]
    file: Mapped[str | None]


class Applicant(BaseModel):
    """Whose dossier it is."""

    name: str
    sex: str
    born: date
    id_number: str


class Paper(BaseModel):
    """A declared paper."""

    type: str
    form: str | None = None
    file: str | None = None
    bytes: int | None = None


class Submission(BaseModel):
    """What is handed in."""

    procedure: str
    channel: str
    place: dict[str, str] = {}
    applicant: Applicant
    contact: dict[str, Any]
    filed_by: str
    facts: dict[str, Any] = {}
    papers: list[Paper] = []
    delivery: str


class Orjson(JSONResponse):
    """Answers written by orjson."""

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


def engine_for(url: str, *, tuned: bool) -> AsyncEngine:
    """A pool of eight like ours, or the library's defaults."""
    address = url.replace("postgresql://", "postgresql+asyncpg://")
    return (
        create_async_engine(address, pool_size=8, max_overflow=0) if tuned else create_async_engine(address)
    )


def create_app(engine: AsyncEngine, producer: AIOKafkaProducer, topic: str, *, tuned: bool) -> FastAPI:
    """One route."""
    app = FastAPI()
    session_of = async_sessionmaker(engine, expire_on_commit=not tuned)

    @app.post("/v1/dossiers", status_code=201)
    async def file_dossier(said: Submission, idempotency_key: Annotated[UUID, Header()]) -> Response:
        """Insert, commit, publish, answer."""
        async with session_of() as session:
            earlier = await session.scalar(select(DossierRow.id).where(DossierRow.key == idempotency_key))
            if earlier is not None:
                return Orjson({"dossier_id": str(earlier)}, 200)
            row = _row(said, idempotency_key)
            session.add(row)
            event = _event(row)
            id = row.id
            await session.commit()
        await producer.send_and_wait(topic, event, key=str(id).encode(), headers=[("ce_type", b"submitted")])
        return Orjson({"dossier_id": str(id), "state": "submitted"}, 201)

    return app


def _row(said: Submission, key: UUID) -> DossierRow:
    return DossierRow(
        id=uuid4(),
        key=key,
        procedure=said.procedure,
        channel=said.channel,
        state="submitted",
        place=said.place,
        facts=said.facts,
        applicant=said.applicant.model_dump(mode="json"),
        contact=said.contact,
        delivery=said.delivery,
        submitted_at=datetime.now(UTC).replace(tzinfo=None),
        papers=[PaperRow(id=uuid4(), type=paper.type, file=paper.file) for paper in said.papers],
    )


def _event(row: DossierRow) -> bytes:
    return orjson.dumps(
        {
            "dossier_id": str(row.id),
            "procedure": row.procedure,
            "channel": row.channel,
            "place": row.place,
            "facts": row.facts,
            "state": row.state,
            "submitted_at": row.submitted_at.isoformat(),
        }
    )


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Answers on the port it was given."""
    engine = engine_for(said["database"], tuned=said["tuned"])
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    producer = AIOKafkaProducer(bootstrap_servers=said["kafka"], acks="all", enable_idempotence=True)
    await producer.start()
    app = create_app(engine, producer, said["topic"], tuned=said["tuned"])
    try:
        async with serving(app, said["port"], access_log=not said["tuned"]):
            yield nothing
    finally:
        await producer.stop()
        await engine.dispose()


if __name__ == "__main__":
    obey(main, loop="asyncio" if UNTUNED in sys.argv else "uvloop")
