"""API keys of machines, counters and agencies: `prefix.secret` on the wire, only a hash in the file."""

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
    """One key as kept: its holder, and the SHA-256 of the secret (random, so a plain hash will do)."""

    prefix: str
    sha256: str
    actor: Actor

    def to_json(self) -> dict[str, Any]:
        """As it stands in the credentials file."""
        actor = {name: value for name, value in asdict(self.actor).items() if value is not None}
        return {"prefix": self.prefix, "sha256": self.sha256, "actor": actor}


class ApiKeys:
    """Key → actor. The same prefix may stand twice, so that a key can be changed without a pause."""

    def __init__(self, credentials: Sequence[Credential]) -> None:
        self._by_prefix: dict[str, list[Credential]] = {}
        for credential in credentials:
            self._by_prefix.setdefault(credential.prefix, []).append(credential)

    @staticmethod
    def load(path: Path) -> "ApiKeys":
        """The keys of the credentials file."""
        rows = orjson.loads(path.read_bytes())
        return ApiKeys([Credential(row["prefix"], row["sha256"], Actor(**row["actor"])) for row in rows])

    def identify(self, key: str) -> Actor | None:
        """Whose key this is, or None. Takes as long for an unknown prefix as for a wrong secret."""
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
    """A new key (shown once) and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return f"{prefix}.{secret}", Credential(prefix, digest, actor)
