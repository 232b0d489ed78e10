"""The process table is whole, and docker-compose.yml says the same."""

import json
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from deploy.local import contained
from deploy.local.assemble import Servers, environment
from deploy.local.home import CHECKOUT, Home
from deploy.local.keys import Keys
from deploy.local.processes import MODULES, Process, without
from deploy.local.spawn import Run

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))


def test_every_row_comes_after_what_it_needs() -> None:
    seen: set[str] = set()
    for row in MODULES:
        assert set(row.needs) <= seen, row.name
        seen.add(row.name)


def test_a_row_left_out_is_waited_for_by_nobody() -> None:
    table = [Process("a", _run()), Process("b", _run(), needs=("a",))]

    assert [(row.name, row.needs) for row in without(table, {"a"})] == [("b", ())]


def test_the_compose_file_is_valid() -> None:
    PyCompose.from_json(json.dumps(COMPOSE)).validate()


def test_compose_and_launcher_run_the_same_processes() -> None:
    assert set(COMPOSE["services"]) == {"postgres", "kafka", *(row.name for row in MODULES)}


@pytest.mark.parametrize("row", MODULES, ids=lambda row: row.name)
def test_compose_waits_for_all_the_launcher_waits_for(row: Any) -> None:
    service = COMPOSE["services"][row.name]
    servers = {"postgres", "kafka"} if row.after_servers else set()

    assert service["command"] == [row.name]
    assert {*row.needs, *servers} <= set(service["depends_on"])


@pytest.mark.parametrize("row", [row for row in MODULES if row.health], ids=lambda row: row.name)
def test_compose_asks_the_same_readiness(row: Any) -> None:
    asked = COMPOSE["services"][row.name]["healthcheck"]["test"][-1]

    assert f"127.0.0.1:{contained.PORTS[row.name]}{row.health}" in asked


def test_compose_uses_the_ports_its_containers_are_told() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text("utf-8")

    assert f"127.0.0.1:{contained.PORTS['postgres']}/postgres" in text
    assert f"MOTCUA_KAFKA: 127.0.0.1:{contained.PORTS['kafka']}" in text


def test_only_intake_and_notification_are_told_of_the_keyring() -> None:
    told = {row.name: environment(row.name, Home(CHECKOUT), _keys(), _servers()) for row in MODULES}

    assert {name for name, env in told.items() if "MOTCUA_MASTER_KEY" in env} == {"intake", "notification"}
    assert {name for name, env in told.items() if "MOTCUA_KEYRING_URL" in env} == {"intake", "notification"}


def test_each_service_is_told_its_own_role_only() -> None:
    for name in ("intake", "routing", "notification"):
        env = environment(name, Home(CHECKOUT), _keys(), _servers())

        assert env["MOTCUA_DATABASE_URL"] == f"postgresql://{name}:pw-{name}@127.0.0.1:8032/city"
        assert "MOTCUA_ADMIN_URL" not in env


def _servers() -> Servers:
    return Servers([], "postgresql://postgres:x@127.0.0.1:8032/postgres", "127.0.0.1:8092")


def _keys() -> Keys:
    names = ("intake", "routing", "notification", "keyring_user", "oidc_client", "smpp")
    return Keys(
        ports=contained.PORTS,
        passwords={name: f"pw-{name}" for name in names},
        master_keys={"master": "bQ==", "audit_salt": "YQ=="},
    )


def _run() -> Run:
    return Run(["true"], CHECKOUT / "nothing.log")
