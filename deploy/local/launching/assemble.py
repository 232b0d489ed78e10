"""Builds the process table and the stack's addresses from a checkout's keys."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT, TAG_VARIABLE, Home
from deploy.local.keys import COUNTER, OPERATOR, ROLES, Keys
from deploy.local.launching.processes import Process, WrongSettingError, modules, of_module, without
from deploy.local.launching.spawn import Run
from deploy.local.ports import LOOPBACK, is_listening
from deploy.local.servers import kafka, postgres
from deploy.local.servers.urls import url_for
from deploy.local.services import SEALING, SERVICES
from deploy.local.stack import Stack

OFFICERS = Path(__file__).parents[1] / "officers.json"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Everything that is needed to start a stack."""

    table: list[Process]
    stack: Stack
    data: Path | None


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Kafka: our own, or those of the environment."""

    rows: list[Process]
    admin_url: str
    bootstrap: str
    data: Path | None = None


def plan(home: Home, keys: Keys, at: str | None, say: Say) -> Plan:
    """Prepare the data folders and describe every process."""
    servers = _servers(home, keys, say)
    officers = _officers()
    after = tuple(row.name for row in servers.rows)
    module_rows = [
        of_module(
            home,
            row,
            environment(row.name, home, keys, servers, at) | {"MOTCUA_INSTANCE": row.instance},
            keys.ports.get(row.name),
            after if row.after_servers else (),
        )
        for row in modules(count_of_routings())
    ]
    excluded = excluded_rows({row.name for row in (*servers.rows, *modules(count_of_routings()))})
    table = without([*servers.rows, *module_rows], excluded)
    return Plan(table, _stack(keys, servers, officers), servers.data)


def count_of_routings() -> int:
    """How many routing processes MOTCUA_ROUTINGS asks for. Raises WrongSettingError."""
    text = os.environ.get("MOTCUA_ROUTINGS") or "1"
    if text not in ("1", "2"):
        raise WrongSettingError(f"MOTCUA_ROUTINGS is {text!r}; it is 1 or 2")
    return int(text)


def excluded_rows(names: Collection[str]) -> set[str]:
    """The rows that MOTCUA_WITHOUT leaves out; those of our servers also where yours stand in for them.

    Raises WrongSettingError for a name that is no row.
    """
    excluded = {name.strip() for name in os.environ.get("MOTCUA_WITHOUT", "").split(",")} - {""}
    if unknown := excluded - {*names, "postgres", "kafka"}:
        rows = ", ".join(names)
        raise WrongSettingError(f"MOTCUA_WITHOUT names {', '.join(sorted(unknown))}; the rows are: {rows}")
    return excluded


def _servers(home: Home, keys: Keys, say: Say) -> Servers:
    rows: list[Process] = []
    data = None
    admin_url, bootstrap = os.environ.get("MOTCUA_DATABASE_URL"), os.environ.get("MOTCUA_KAFKA")
    if not admin_url:
        say("PostgreSQL: data folder")
        server = postgres.prepare(
            home.folder / "postgres", port=keys.ports["postgres"], password=keys.passwords["admin"]
        )
        admin_url, data = server.url, server.data
        run = _with_tag(home, server.run(home.log_of("postgres")))
        rows.append(_server_row("postgres", run, server.accepts, server.port))
    if not bootstrap:
        broker = kafka.prepare(
            home.folder / "kafka",
            port=keys.ports["kafka"],
            controller_port=keys.ports["kafka_controller"],
            progress=lambda text: say(f"Kafka: {text}"),
        )
        bootstrap = broker.bootstrap
        run = _with_tag(home, broker.run(home.log_of("kafka")))
        rows.append(_server_row("kafka", run, broker.accepts, broker.port))
    return Servers(rows, admin_url, bootstrap, data)


def _server_row(name: str, run: Run, accepts: Callable[[], bool], port: int) -> Process:
    """A server that may repair its data for long: whether its port answers counts as progress."""
    return Process(name, run, ready=accepts, port=port, answers=lambda: is_listening(port))


def _with_tag(home: Home, run: Run) -> Run:
    return replace(run, env={**run.env, TAG_VARIABLE: home.tag})


def environment(name: str, home: Home, keys: Keys, servers: Servers, at: str | None = None) -> dict[str, str]:
    """The environment of one of our programs."""
    return _shared_env(home, keys, servers) | _own_env(name, keys, servers, at)


def _shared_env(home: Home, keys: Keys, servers: Servers) -> dict[str, str]:
    """The variables that all our programs get."""
    return {
        "MOTCUA_HOME": str(home.folder),
        "MOTCUA_KAFKA": servers.bootstrap,
        "MOTCUA_CREDENTIALS": str(home.private / "credentials.json"),
        "MOTCUA_OFFICERS": str(OFFICERS),
        "MOTCUA_OIDC_ISSUER": _http(keys, "oidc"),
        "MOTCUA_OIDC_CLIENT_ID": "motcua",
        "MOTCUA_OIDC_CLIENT_SECRET": keys.passwords["oidc_client"],
        **{f"MOTCUA_{name.upper()}_URL": _http(keys, name) for name in SERVICES},
        "MOTCUA_SINKS_URL": _http(keys, "sinks"),
        "MOTCUA_CATALOGUE_DIR": str(CHECKOUT / "deploy" / "catalogue"),
        "MOTCUA_SMTP_HOST": LOOPBACK,
        "MOTCUA_SMTP_PORT": str(keys.ports["smtp"]),
        "MOTCUA_SMPP_HOST": LOOPBACK,
        "MOTCUA_SMPP_PORT": str(keys.ports["smpp"]),
        "MOTCUA_SMPP_SYSTEM_ID": "motcua",
        "MOTCUA_SMPP_PASSWORD": keys.passwords["smpp"][:8],
    }


def _own_env(name: str, keys: Keys, servers: Servers, at: str | None) -> dict[str, str]:
    """The variables of one program: its address and its database credentials."""
    if name == "provision":
        passwords = {role: keys.passwords[role] for role in ROLES}
        variables = {"MOTCUA_ADMIN_URL": servers.admin_url, "MOTCUA_ROLE_PASSWORDS": json.dumps(passwords)}
        return variables | ({"MOTCUA_CITY_AT": at} if at else {})
    address = {"MOTCUA_HTTP_HOST": LOOPBACK, "MOTCUA_HTTP_PORT": str(keys.ports[name])}
    service = name.partition("-")[0]
    return address | (service_secrets(service, keys, servers.admin_url) if service in SERVICES else {})


def service_secrets(name: str, keys: Keys, admin_url: str) -> dict[str, str]:
    """A service's database, and the keyring for services that encrypt personal data."""
    variables = {
        "MOTCUA_DATABASE_URL": url_for(admin_url, "city", name, keys.passwords[name]),
        "MOTCUA_AUDIT_SALT_KEY": keys.master_keys["audit_salt"],
    }
    if name not in SEALING:
        return variables
    keyring = url_for(admin_url, "keyring", "keyring_user", keys.passwords["keyring_user"])
    return variables | {"MOTCUA_KEYRING_URL": keyring, "MOTCUA_MASTER_KEY": keys.master_keys["master"]}


def _stack(keys: Keys, servers: Servers, officers: Sequence[Mapping[str, Any]]) -> Stack:
    machines = (COUNTER, OPERATOR)
    return Stack(
        service_urls={name: _http(keys, name) for name in SERVICES},
        sinks_url=_http(keys, "sinks"),
        kafka=servers.bootstrap,
        postgres_url=url_for(servers.admin_url, "city"),
        counter_api_key=keys.api_keys[COUNTER],
        operator_api_key=keys.api_keys[OPERATOR],
        agencies={name: key for name, key in keys.api_keys.items() if name not in machines},
        oidc_issuer=_http(keys, "oidc"),
        officers=[{"login": officer["login"], "post": officer["post"]} for officer in officers],
    )


def _officers() -> list[dict[str, Any]]:
    return json.loads(OFFICERS.read_text("utf-8")) if OFFICERS.exists() else []


def _http(keys: Keys, name: str) -> str:
    return f"http://{LOOPBACK}:{keys.ports[name]}"
