"""Sessions of officers, stored in the service's schema. The browser has only a random id."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from shared.actor import Actor
from shared.clock import machine_now

LIFETIME = timedelta(hours=10)


class Queryable(Protocol):
    """A pool or a connection."""

    async def fetch(self, query: str, *args: object) -> Sequence[object]: ...
    async def fetchrow(self, query: str, *args: object) -> object: ...
    async def execute(self, query: str, *args: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as the issuer identifies them, with office and role."""

    login: str
    name: str
    role: str
    office: str

    @property
    def actor(self) -> Actor:
        """The officer as an actor."""
        return Actor(kind="officer", id=self.login, office=self.office, role=self.role)


async def open_session(database: Queryable, officer: Officer) -> str:
    """Store a session and delete expired ones. Returns the cookie's value."""
    secret = secrets.token_urlsafe(32)
    await database.execute("DELETE FROM web_sessions WHERE expires_at < clock_timestamp()")
    await database.execute(
        """INSERT INTO web_sessions (id_hash, login, name, role, office, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        _digest(secret),
        officer.login,
        officer.name,
        officer.role,
        officer.office,
        machine_now() + LIFETIME,
    )
    return secret


async def find_session(database: Queryable, secret: str) -> Officer | None:
    """The officer of a session; None if it has expired."""
    row = await database.fetchrow(
        """SELECT login, name, role, office FROM web_sessions
            WHERE id_hash = $1 AND expires_at > clock_timestamp()""",
        _digest(secret),
    )
    return Officer(**dict(row)) if row else None  # pyright: ignore[reportCallIssue, reportArgumentType]


async def close_session(database: Queryable, secret: str) -> None:
    """Delete a session."""
    await database.execute("DELETE FROM web_sessions WHERE id_hash = $1", _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
