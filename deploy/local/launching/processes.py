"""The process table of a stack, in the order of starting."""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from deploy.local.home import CHECKOUT, TAG_VARIABLE, Home
from deploy.local.launching.patience import LIMIT_SECONDS, SILENT_SECONDS
from deploy.local.launching.spawn import Run

LIVE_SECONDS = 1.0
"""How long /health/live is waited for: one that is asked must not keep the launcher from the others."""


class WrongSettingError(ValueError):
    """A variable of the environment has a value that cannot be used. The message says what it may be."""


@dataclass(frozen=True)
class Process:
    """One row: how to run it, when it is ready, and what must be ready before.

    Without `ready` it is a step that must exit with 0, not a server. `lacks`: why it is not ready, from the
    last check. `answers`: whether its port answers, though it is not ready; that is progress.
    `silent_seconds` and `limit_seconds`: how long it may take without progress, and in all. `alive`: whether
    it answers, for a row that can be asked while it runs.
    """

    name: str
    run: Run
    needs: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    port: int | None = None
    answers: Callable[[], bool] = lambda: False
    silent_seconds: float = SILENT_SECONDS
    limit_seconds: float = LIMIT_SECONDS
    lacks: Callable[[], str] = lambda: ""
    alive: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Module:
    """One of our Python programs, before its environment is known."""

    name: str
    module: str
    needs: tuple[str, ...]
    health: str | None = "/health/ready"
    live: str | None = "/health/live"
    after_servers: bool = False
    instance: str = "0"


MODULES = (
    Module("provision", "deploy.local.servers.provision", (), health=None, live=None, after_servers=True),
    Module("oidc", "deploy.demo.issuer", (), health="/.well-known/openid-configuration", live=None),
    Module("sinks", "deploy.demo.sinks", (), health="/messages", live=None),
    Module("routing", "services.routing", ("provision", "oidc")),
    Module("intake", "services.intake", ("provision", "oidc")),
    Module("notification", "services.notification", ("provision", "oidc", "sinks")),
)


def modules(routings: int = 1) -> tuple[Module, ...]:
    """The programs of a stack with one routing process, or with two that share the work."""
    second = Module("routing-1", "services.routing", ("provision", "oidc", "routing"), instance="1")
    return (*MODULES, second) if routings == 2 else MODULES


def of_module(
    home: Home, row: Module, env: Mapping[str, str], port: int | None, after: tuple[str, ...]
) -> Process:
    """The row of one of our programs: the same interpreter, the checkout as its folder, the stack's tag."""
    run = Run(
        argv=[sys.executable, "-m", row.module],
        log=home.log_of(row.name),
        env={**env, TAG_VARIABLE: home.tag, "PYTHONUNBUFFERED": "1"},
        cwd=CHECKOUT,
    )
    health = Health(f"http://127.0.0.1:{port}{row.health}") if port and row.health else None
    if health is None:
        return Process(row.name, run, (*after, *row.needs), port=port)
    live = Health(f"http://127.0.0.1:{port}{row.live}", seconds=LIVE_SECONDS) if row.live else None
    return Process(
        row.name,
        run,
        (*after, *row.needs),
        ready=health.is_ready,
        port=port,
        lacks=lambda: health.lacks,
        alive=live.is_ready if live else None,
    )


def without(table: Sequence[Process], excluded: Collection[str]) -> list[Process]:
    """The table without these rows, for which no other waits. One may run in a debugger."""
    return [
        replace(row, needs=tuple(name for name in row.needs if name not in excluded))
        for row in table
        if row.name not in excluded
    ]


class Health:
    """A health page of one of our programs, which is given so many seconds to answer."""

    def __init__(self, url: str, seconds: float = 2.0) -> None:
        self._parts, self._seconds = urlsplit(url), seconds
        self.lacks = ""

    def is_ready(self) -> bool:
        """Whether a GET answers 200."""
        self.lacks = ""
        connection = http.client.HTTPConnection(
            self._parts.hostname or "", self._parts.port, timeout=self._seconds
        )
        try:
            connection.request("GET", self._parts.path or "/")
            response = connection.getresponse()
            if response.status != 200:
                self.lacks = _missing_checks(response.read())
            return response.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def read_notes(port: int) -> list[str]:
    """The notes of a service, from its readiness page; empty if it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        notes: dict[str, str] = json.loads(connection.getresponse().read()).get("notes", {})
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        return []
    finally:
        connection.close()
    return list(notes.values())


def _missing_checks(body: bytes) -> str:
    """The missing checks in an answer of /health/ready; empty for any other answer."""
    try:
        checks: dict[str, str] = json.loads(body)["checks"]
    except (ValueError, KeyError, TypeError):
        return ""
    return "; ".join(f"{name}: {result}" for name, result in checks.items() if result != "ok")
