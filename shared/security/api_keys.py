"""API keys of programs, counters and agencies: `prefix.secret` on the wire, only a hash in the file.

The key of an officer belongs to an office, or lists the `offices` for which its machine may act.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from shared.actor import Actor

_NOBODY = hashlib.sha256(b"no such prefix").hexdigest()


OFFICER = "officer"
COUNTERS: Literal["counters"] = "counters"
"""The named set of offices: every receiving office of the catalogue."""
FIELDS = frozenset({"prefix", "sha256", "actor", "offices"})

Offices = frozenset[str] | Literal["counters"]


class InvalidCredential(ValueError):
    """A stored key that may not be used; the message is a sentence for whoever runs the service."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored key: its holder and the SHA-256 of its secret. It is random, so a plain hash is enough.

    `offices`: those for which a machine acts, in place of an own office of the actor; it names one a request.
    """

    prefix: str
    sha256: str
    actor: Actor
    offices: Offices | None = None

    def may_act_for(self, office: str, counters: Collection[str]) -> bool:
        """Whether the holder may act for this office. `counters`: the receiving offices of the catalogue."""
        if self.offices is None:
            return office == self.actor.office
        return office in (counters if self.offices == COUNTERS else self.offices)

    def to_json(self) -> dict[str, Any]:
        """The entry in the credentials file."""
        actor = {name: value for name, value in asdict(self.actor).items() if value is not None}
        entry = {"prefix": self.prefix, "sha256": self.sha256, "actor": actor}
        if self.offices is None:
            return entry
        return entry | {"offices": self.offices if self.offices == COUNTERS else sorted(self.offices)}


class ApiKeys:
    """The stored keys. A prefix may occur twice, so that a key can be replaced without interruption."""

    def __init__(self, credentials: Sequence[Credential]) -> None:
        self._by_prefix: dict[str, list[Credential]] = {}
        for credential in credentials:
            self._by_prefix.setdefault(credential.prefix, []).append(credential)

    @staticmethod
    def load(path: Path) -> "ApiKeys":
        """Read the credentials file. Raises OSError, InvalidCredential, ValueError, TypeError or KeyError."""
        return ApiKeys([_read_credential(row) for row in orjson.loads(path.read_bytes())])

    def identify(self, key: str) -> Credential | None:
        """The credential of a key, or None. An unknown prefix takes as long as a wrong secret."""
        prefix, _, secret = key.partition(".")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        match = None
        for credential in self._by_prefix.get(prefix, ()):
            if hmac.compare_digest(credential.sha256, digest):
                match = credential
        if prefix not in self._by_prefix:
            hmac.compare_digest(_NOBODY, digest)
        return match


def generate_key(prefix: str, actor: Actor, offices: Offices | None = None) -> tuple[str, Credential]:
    """A new key, to be shown once, and its credential to store."""
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return f"{prefix}.{secret}", Credential(prefix, digest, actor, offices)


def _read_credential(row: dict[str, Any]) -> Credential:
    prefix, actor = row["prefix"], Actor(**row["actor"])
    unknown = sorted(row.keys() - FIELDS)
    if unknown:
        raise InvalidCredential(f'the key "{prefix}" has an unknown field: {", ".join(unknown)}')
    offices = _read_offices(prefix, row.get("offices"))
    if offices is not None and (actor.office is not None or not actor.id or actor.kind != OFFICER):
        raise InvalidCredential(
            f'the key "{prefix}" has "offices": '
            'its actor must then be an officer with an "id", without "office"'
        )
    if offices is None and actor.kind == OFFICER and not actor.office:
        raise InvalidCredential(
            f'the key "{prefix}" of an officer belongs to no office: give its actor an "office", or give the '
            f'entry "offices", a list of offices or "{COUNTERS}" (docs/running.md, API keys)'
        )
    return Credential(prefix, row["sha256"], actor, offices)


def _read_offices(prefix: str, offices: Any) -> Offices | None:
    if offices is None or offices == COUNTERS:
        return offices
    if not isinstance(offices, list) or not offices or not all(isinstance(office, str) for office in offices):
        raise InvalidCredential(
            f'the key "{prefix}": "offices" must be a list of offices, or the word "{COUNTERS}"'
        )
    return frozenset(offices)
