"""HTTP calls to the running services with the operator's key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
from confluent_kafka import KafkaException

from deploy.cli.exits import CommandFailedError
from deploy.cli.language import Language, language_of_environment


@contextmanager
def calling(url: str, key: str | None = None) -> Iterator[httpx.Client]:
    """A client for one service. Raises CommandFailedError if it does not answer."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
            yield client
    except httpx.TransportError as error:
        raise CommandFailedError(
            f"{url} does not answer ({type(error).__name__}); see `./motcua status`"
        ) from error


@contextmanager
def asking_servers() -> Iterator[None]:
    """For commands that ask PostgreSQL or Kafka themselves: CommandFailedError if one does not answer."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaException) as error:
        text = str(error) or type(error).__name__
        raise CommandFailedError(
            f"PostgreSQL or Kafka does not answer as it should ({text}); see `./motcua status`"
        ) from error


def read(client: httpx.Client, path: str, **query: str) -> Any:
    """The answer of a GET; None for 404."""
    response = client.get(path, params=query)
    if response.status_code == 404:
        return None
    return _checked(response)


def send(client: httpx.Client, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """The answer of a POST. Raises CommandFailedError for a refusal."""
    return _checked(client.post(path, json=dict(body or {})))


def reason_of(response: httpx.Response, language: Language | None = None) -> str:
    """A refusal in one line, with its invalid fields; without a language in that of the environment."""
    try:
        problem = response.json()
    except ValueError:
        return f"HTTP {response.status_code}"
    chosen = language or language_of_environment()
    fields = "; ".join(
        f"{error.get('field')}: {error.get(chosen) or error.get('code')}"
        for error in problem.get("errors") or []
    )
    text = problem.get(chosen) or problem.get("detail") or problem.get("title")
    detail = str(text or f"HTTP {response.status_code}")
    return f"{detail} ({fields})" if fields else detail


def _checked(response: httpx.Response) -> Any:
    if response.status_code >= 400:
        raise CommandFailedError(f"{response.request.url}: {reason_of(response)}")
    return response.json() if response.content else {}
