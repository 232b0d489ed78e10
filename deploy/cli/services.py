"""The running services over HTTP, with the operator's key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from deploy.cli.exits import CommandFailedError
from deploy.local.stack import Stack

NAMES = ("intake", "routing", "notification")


def addresses(stack: Stack) -> Mapping[str, str]:
    """Each service's address by its name."""
    return {"intake": stack.intake_url, "routing": stack.routing_url, "notification": stack.notification_url}


@contextmanager
def calling(url: str, key: str | None = None) -> Iterator[httpx.Client]:
    """A client for one service; one that does not answer becomes a plain sentence."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
            yield client
    except httpx.TransportError as why:
        raise CommandFailedError(
            f"{url} does not answer ({type(why).__name__}); see `./motcua status`"
        ) from why


def read(client: httpx.Client, path: str, **query: str) -> Any:
    """What a GET answers; None where the service knows nothing of it."""
    answer = client.get(path, params=query)
    if answer.status_code == 404:
        return None
    return _checked(answer)


def send(client: httpx.Client, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """What a POST answers."""
    return _checked(client.post(path, json=dict(body or {})))


def reason_of(answer: httpx.Response) -> str:
    """A refusal in one line: its sentence, and its fields when it names some."""
    try:
        problem = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    fields = "; ".join(
        f"{e.get('field')}: {e.get('en') or e.get('code')}" for e in problem.get("errors") or []
    )
    said = str(problem.get("detail") or problem.get("title") or f"HTTP {answer.status_code}")
    return f"{said} ({fields})" if fields else said


def _checked(answer: httpx.Response) -> Any:
    if answer.status_code >= 400:
        raise CommandFailedError(f"{answer.request.url}: {reason_of(answer)}")
    return answer.json() if answer.content else {}
