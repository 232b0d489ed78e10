"""The process table: what a stack consists of, in the order it stands up. Nothing is started here."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from deploy.local.home import CHECKOUT, TAG_VARIABLE, Home
from deploy.local.spawn import Run


@dataclass(frozen=True)
class Process:
    """One row: how to run it, when it counts as ready, and what has to be ready before.

    Without `ready` it is a step that has to end well, not a server.
    """

    name: str
    run: Run
    needs: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    port: int | None = None
    patience: float = 180.0


@dataclass(frozen=True)
class Module:
    """One of our own Python programs, as a row before it knows its environment."""

    name: str
    module: str
    needs: tuple[str, ...]
    health: str | None = "/health/ready"
    after_servers: bool = False
    instance: str = "0"


MODULES = (
    Module("provision", "deploy.local.provision", (), health=None, after_servers=True),
    Module("oidc", "deploy.local.issuer", (), health="/.well-known/openid-configuration"),
    Module("sinks", "deploy.local.sinks", (), health="/messages"),
    Module("routing", "services.routing", ("provision", "oidc")),
    Module("intake", "services.intake", ("provision", "oidc")),
    Module("notification", "services.notification", ("provision", "oidc", "sinks")),
)


def modules(routings: int = 1) -> tuple[Module, ...]:
    """The rows of a stack with one routing process, or with two that share the work."""
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
    ready = answers(f"http://127.0.0.1:{port}{row.health}") if port and row.health else None
    return Process(row.name, run, (*after, *row.needs), ready, port)


def without(table: Sequence[Process], left_out: Collection[str]) -> list[Process]:
    """The table without those rows, and nobody waiting for them (one of them runs in somebody's debugger)."""
    return [
        replace(row, needs=tuple(name for name in row.needs if name not in left_out))
        for row in table
        if row.name not in left_out
    ]


def answers(url: str) -> Callable[[], bool]:
    """A probe: does a GET of this address say 200?"""
    parts = urlsplit(url)

    def probe() -> bool:
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
        try:
            link.request("GET", parts.path or "/")
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    return probe
