"""What each service has of the published catalogue, asked of its /health/catalogue for the board."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import httpx
from pydantic import ValidationError

from shared.service.catalogue_copy import CatalogueCopy, read_copy

FRESH_SECONDS = 15.0
ANSWER_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class ServiceCopy:
    """A service's copy; None: it does not answer. `differing`: published items that it does not have yet."""

    service: str
    copy: CatalogueCopy | None
    differing: Sequence[str] = ()


class CatalogueCopies:
    """The copies of all services, asked at most every `FRESH_SECONDS`. No dossier waits for an answer."""

    def __init__(self, pool: asyncpg.Pool, urls: Mapping[str, str]) -> None:
        """`urls`: the addresses of the other services, by name."""
        self._pool, self._urls = pool, urls
        self._read_at = float("-inf")
        self._latest: tuple[ServiceCopy, ...] = ()

    async def current(self) -> tuple[ServiceCopy, ...]:
        """Routing's own, which is what is published, then the others'."""
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            published = await read_copy(self._pool)
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
                answers = await asyncio.gather(*(_ask(client, url) for url in self._urls.values()))
            others = zip(self._urls, answers, strict=True)
            self._latest = (
                ServiceCopy("routing", published),
                *(ServiceCopy(name, copy, _differing(published, copy)) for name, copy in others),
            )
            self._read_at = time.monotonic()
        return self._latest


async def _ask(client: httpx.AsyncClient, url: str) -> CatalogueCopy | None:
    try:
        response = await client.get(f"{url}/health/catalogue")
        return CatalogueCopy.model_validate_json(response.content)
    except (httpx.HTTPError, ValidationError):
        return None


def _differing(published: CatalogueCopy, copy: CatalogueCopy | None) -> tuple[str, ...]:
    if copy is None:
        return ()
    items = published.in_force.items()
    return tuple(item for item, digest in items if copy.in_force.get(item) != digest)
