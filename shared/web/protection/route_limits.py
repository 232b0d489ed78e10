"""How much a request may send to a route, and for how long: data of the route."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

KIBIBYTE = 1024
_ATTRIBUTE = "__route_limits__"
F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class RouteLimits:
    """Limits of a request's body.

    `body_bytes`: its size. `patience`: how many times the usual number of seconds (`MOTCUA_BODY_SECONDS`) it
    may take to arrive. `items`: of one list or map in JSON; `values`: of all together; `depth`: how deeply
    they are nested.
    """

    body_bytes: int = 256 * KIBIBYTE
    patience: int = 1
    items: int = 500
    values: int = 5_000
    depth: int = 32


USUAL = RouteLimits()
LARGE_FILES = RouteLimits(body_bytes=1024 * KIBIBYTE, patience=3)
"""Of a route that takes whole files of the catalogue."""


def limited(limits: RouteLimits) -> Callable[[F], F]:
    """Give an endpoint limits other than the usual ones. It stands below the route's own decorator."""

    def give(endpoint: F) -> F:
        setattr(endpoint, _ATTRIBUTE, limits)
        return endpoint

    return give


class LimitsByRoute:
    """The limits of each route of an application. Few routes have limits of their own."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._own: list[tuple[re.Pattern[str], Set[str], RouteLimits]] = []
        for route in iter_route_contexts(routes):
            limits = getattr(route.endpoint, _ATTRIBUTE, None)
            if limits is not None:
                self._own.append((route.path_regex, route.methods or frozenset(), limits))

    def find(self, method: str, path: str) -> RouteLimits:
        """The limits of the route that this request is for; the usual ones if there is none."""
        for pattern, methods, limits in self._own:
            if method in methods and pattern.match(path):
                return limits
        return USUAL
