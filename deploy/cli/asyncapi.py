"""motcua asyncapi."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.cli import exits, screen
from deploy.contract.breaks import breaking_changes
from deploy.contract.fields import contract_of
from deploy.contract.published import ACCEPTED, PUBLISHED, read_accepted, read_published, unaccepted
from deploy.contract.published import publish as publish_contract
from deploy.local.home import CHECKOUT
from deploy.local.services import SERVICES

FOLDER = CHECKOUT / "docs" / "asyncapi"
SAMPLES = CHECKOUT / "tests" / "contract" / "samples"


def asyncapi(service: str | None = None, /, *, write: bool = False, publish: bool = False) -> int:
    """The AsyncAPI document of a service: its channels, messages, headers and examples, for whoever connects.

    Parameters
    ----------
    service
        intake, routing or notification; without it all of them.
    write
        Write docs/asyncapi/<service>.json instead of printing.
    publish
        Keep the contract of all services as the published one, with which later ones are compared. Refused
        while a breaking change is not in the list of accepted ones.
    """
    if publish:
        return _publish()
    if service is not None and service not in SERVICES:
        raise exits.UsageError(f"no service {service!r}; there are: {', '.join(SERVICES)}")
    named = SERVICES if service is None else (service,)
    if write:
        for name in named:
            path = document_path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(document_text(name), encoding="utf-8")
            screen.say(f"{path.relative_to(CHECKOUT)} is written")
    elif service is not None:
        print(document_text(service), end="")  # noqa: T201 - bare, so that nothing wraps it
    else:
        screen.as_json({name: describe(name) for name in SERVICES})
    return exits.DONE


def _publish() -> int:
    contract = contract_of(map(describe, SERVICES))
    if PUBLISHED.exists():
        published = read_published()
        changes = breaking_changes(published, contract)
        for change in unaccepted(changes, read_accepted(), published.version):
            screen.complain(str(change))
        if unaccepted(changes, read_accepted(), published.version):
            listed = ACCEPTED.relative_to(CHECKOUT)
            raise exits.UsageError(f"these changes break contract {published.version}: list them in {listed}")
        if changes and published.version == contract.version:
            raise exits.UsageError(f"a broken contract needs another version than {published.version}")
    screen.say(f"{publish_contract(contract).relative_to(CHECKOUT)} is published")
    return exits.DONE


def document_path(service: str) -> Path:
    """The path of the committed document of a service."""
    return FOLDER / f"{service}.json"


def document_text(service: str) -> str:
    """The document as it is committed."""
    return json.dumps(describe(service), ensure_ascii=False, indent=1) + "\n"


def describe(service: str) -> dict[str, Any]:
    """The document of a service by its router. FastStream, slow to import, is imported here."""
    router = import_module(f"services.{service}.inbound.kafka").router
    document: dict[str, Any] = import_module("shared.messaging.asyncapi").describe(service, router, SAMPLES)
    return document
