"""Keys that a local stack keeps between starts: ports, passwords, master keys, API keys."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.home import Home, write_private
from deploy.local.parties import Party
from deploy.local.ports import distinct_ports
from deploy.local.services import SERVICES
from shared.actor import Actor
from shared.security.api_keys import COUNTERS, ApiKeys, Credential, Offices, generate_key

ROLES = (*SERVICES, "keyring_user")
PORTS = (
    *("postgres", "kafka", "kafka_controller", "oidc", "sinks", "smtp", "smpp"),
    *(*SERVICES, "routing-1"),
)
COUNTER, OPERATOR = "counter", "operator"
OFFICES_OF: Mapping[str, Offices] = {COUNTER: COUNTERS}
"""Machines that act for several offices, and name one of them in each request."""


@dataclass
class Keys:
    """The content of `.motcua/private/keys.json`; missing keys are generated."""

    ports: dict[str, int] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    master_keys: dict[str, str] = field(default_factory=dict)
    api_keys: dict[str, str] = field(default_factory=dict)
    credentials: list[dict[str, object]] = field(default_factory=list)


def load_or_make(home: Home, parties: Iterable[Party], ports: Mapping[str, int] | None = None) -> Keys:
    """The stored keys, completed and saved. Ports: the given ones, else free ones."""
    keys = read_keys(home)
    keys.ports = dict(ports) if ports else distinct_ports(PORTS, keys.ports)
    _fill_missing(keys.passwords, ("admin", *ROLES, "oidc_client", "smpp"), _password)
    _fill_missing(
        keys.master_keys, ("master", "audit_salt"), lambda: b64encode(secrets.token_bytes(32)).decode()
    )
    for name, actor in _holders(parties).items():
        _ensure_key(keys, name, actor)
    write_private(_file(home), asdict(keys))
    write_private(home.private / "credentials.json", keys.credentials)
    return keys


def read_keys(home: Home) -> Keys:
    """The stored keys; empty before the first start."""
    path = _file(home)
    return Keys(**json.loads(path.read_text())) if path.exists() else Keys()


def _holders(parties: Iterable[Party]) -> dict[str, Actor]:
    machines = {
        COUNTER: Actor(kind="officer", id=COUNTER, role="counter"),
        OPERATOR: Actor(kind="officer", id=OPERATOR, role="operator", office="PASC"),
    }
    connected = {
        party.name: Actor(kind="investor" if party.investor else "party", id=party.name, party=party.name)
        for party in parties
    }
    return machines | connected


def _ensure_key(keys: Keys, name: str, actor: Actor) -> None:
    """Keep the key of a holder, and store what its holder may do now; generate a missing one."""
    credential = _find_secret(keys, name, actor)
    if credential is None:
        keys.api_keys[name], credential = generate_key(name, actor, OFFICES_OF.get(name))
    others = [credential_row for credential_row in keys.credentials if credential_row["prefix"] != name]
    keys.credentials = [*others, credential.to_json()]


def _find_secret(keys: Keys, name: str, actor: Actor) -> Credential | None:
    stored = [
        Credential(name, str(credential_row["sha256"]), actor, OFFICES_OF.get(name))
        for credential_row in keys.credentials
        if credential_row["prefix"] == name
    ]
    return ApiKeys(stored).identify(keys.api_keys.get(name, ""))


def _fill_missing(values: dict[str, str], names: Iterable[str], make: Callable[[], str]) -> None:
    for name in names:
        values.setdefault(name, make())


def _password() -> str:
    return secrets.token_urlsafe(18)


def _file(home: Home) -> Path:
    return home.private / "keys.json"
