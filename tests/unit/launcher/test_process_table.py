"""The process table is whole, and each program is told what it needs and no more."""

from deploy.local.home import CHECKOUT, Home
from deploy.local.keys import Keys
from deploy.local.launching import contained
from deploy.local.launching.assemble import Servers, environment
from deploy.local.launching.processes import MODULES, Process, without
from deploy.local.launching.spawn import Run


def test_every_row_comes_after_what_it_needs() -> None:
    seen: set[str] = set()
    for row in MODULES:
        assert set(row.needs) <= seen, row.name
        seen.add(row.name)


def test_a_row_left_out_is_waited_for_by_nobody() -> None:
    table = [Process("a", _run()), Process("b", _run(), needs=("a",))]

    assert [(row.name, row.needs) for row in without(table, {"a"})] == [("b", ())]


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
