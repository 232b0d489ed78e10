"""A route without FastAPI's parsing, for the operation that is called most."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute


class RawBodyRoute(APIRoute):
    """A documented route whose endpoint takes the request and returns a response.

    Its `dependencies` are documented but not resolved: the endpoint calls them itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint itself."""
        endpoint: Any = self.endpoint
        return endpoint
