"""API keys of programs, counters and agencies: `prefix.secret` on the wire, only a hash in the file."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from shared.actor import Actor

_NOBODY = hashlib.sha256(b"no such prefix").hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored key: its holder and the SHA-256 of its secret. It is random, so a plain hash is enough."""

    prefix: str
    sha256: str
    actor: Actor

    def to_json(self) -> dict[str, Any]:
        """The entry in the credentials file."""
        actor = {name: value for name, value in asdict(self.actor).items() if value is not None}
        return {"prefix": self.prefix, "sha256": self.sha256, "actor": actor}


class ApiKeys:
    """The stored keys. A prefix may occur twice, so that a key can be replaced without interruption."""

    def __init__(self, credentials: Sequence[Credential]) -> None:
        self._by_prefix: dict[str, list[Credential]] = {}
        for credential in credentials:
            self._by_prefix.setdefault(credential.prefix, []).append(credential)

    @staticmethod
    def load(path: Path) -> "ApiKeys":
        """Read the credentials file. Raises OSError, ValueError, TypeError or KeyError."""
        rows = orjson.loads(path.read_bytes())
        return ApiKeys([Credential(row["prefix"], row["sha256"], Actor(**row["actor"])) for row in rows])

    def identify(self, key: str) -> Actor | None:
        """The actor of a key, or None. An unknown prefix takes as long as a wrong secret."""
        prefix, _, secret = key.partition(".")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        actor = None
        for credential in self._by_prefix.get(prefix, ()):
            if hmac.compare_digest(credential.sha256, digest):
                actor = credential.actor
        if prefix not in self._by_prefix:
            hmac.compare_digest(_NOBODY, digest)
        return actor


def generate_key(prefix: str, actor: Actor) -> tuple[str, Credential]:
    """A new key, to be shown once, and its credential to store."""
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return f"{prefix}.{secret}", Credential(prefix, digest, actor)
