"""A route on which nothing is unpacked before its endpoint: for the one called more than all others."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute


class RawBodyRoute(APIRoute):
    """Documented like any other; the endpoint takes the request alone and answers with a whole response.

    What it depends on stands in `dependencies` for the documentation only, and the endpoint asks it itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint, and nothing before it."""
        endpoint: Any = self.endpoint
        return endpoint
