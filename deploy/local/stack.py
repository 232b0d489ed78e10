"""The file `.motcua/stack.json` of a running stack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.local.home import Home, home, write_private
from deploy.local.launching.lock import is_held
from deploy.local.services import SERVICES


class NotRunningError(RuntimeError):
    """There is no running stack; `motcua up` starts one."""

    def __str__(self) -> str:
        return "The stack is not running. Start it: ./motcua up --detach"


class NotReadyError(NotRunningError):
    """The launcher is starting the stack; it is not ready yet."""

    def __str__(self) -> str:
        return "The stack is still starting. What it waits for: ./motcua status"


@dataclass(frozen=True)
class Stack:
    """Addresses and keys of a running stack."""

    service_urls: Mapping[str, str]
    """The base URL of each service, by its name."""
    sinks_url: str
    kafka: str
    postgres_url: str
    counter_api_key: str
    operator_api_key: str
    agencies: Mapping[str, str]
    oidc_issuer: str
    officers: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @property
    def intake_url(self) -> str:
        """The address for citizens and counters."""
        return self.service_urls["intake"]

    @property
    def routing_url(self) -> str:
        """The address for offices and operators."""
        return self.service_urls["routing"]

    @property
    def notification_url(self) -> str:
        """The address of the messages to citizens."""
        return self.service_urls["notification"]

    def to_json(self) -> dict[str, Any]:
        """The shape of `stack.json`."""
        return {
            **{name: {"url": url} for name, url in self.service_urls.items()},
            "kafka": {"bootstrap": self.kafka},
            "postgres": {"url": self.postgres_url},
            "sinks": {"url": self.sinks_url},
            "credentials": {
                "counter_api_key": self.counter_api_key,
                "operator_api_key": self.operator_api_key,
                "agencies": dict(self.agencies),
            },
            "oidc": {"issuer": self.oidc_issuer, "officers": list(self.officers)},
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Stack:
        """Read back what `to_json` wrote."""
        return Stack(
            service_urls={name: values[name]["url"] for name in SERVICES},
            sinks_url=values["sinks"]["url"],
            kafka=values["kafka"]["bootstrap"],
            postgres_url=values["postgres"]["url"],
            counter_api_key=values["credentials"]["counter_api_key"],
            operator_api_key=values["credentials"]["operator_api_key"],
            agencies=values["credentials"]["agencies"],
            oidc_issuer=values["oidc"]["issuer"],
            officers=values["oidc"]["officers"],
        )


def write_stack(stack: Stack, home: Home) -> None:
    """Write it atomically, readable by its owner only."""
    write_private(home.stack_file, stack.to_json())


def read_stack(stack_home: Home | None = None) -> Stack:
    """The running stack; NotRunningError when there is none, NotReadyError while it comes up."""
    current_home = stack_home or home()
    if not is_held(current_home):
        raise NotRunningError
    if not current_home.stack_file.exists():
        raise NotReadyError
    return Stack.from_json(json.loads(current_home.stack_file.read_text("utf-8")))
