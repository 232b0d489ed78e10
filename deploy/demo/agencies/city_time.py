"""The city's time, read from routing."""

from __future__ import annotations

import http.client
import json
from datetime import datetime
from urllib.parse import urlsplit


class CityTime:
    """Client of `GET /v1/city-time`, with one persistent connection."""

    def __init__(self, routing_url: str) -> None:
        parts = urlsplit(routing_url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._connection: http.client.HTTPConnection | None = None

    def now(self) -> datetime:
        """The city's time. Raises OSError if routing does not answer."""
        for attempt in (1, 2):
            connection = self._connection or http.client.HTTPConnection(*self._address, timeout=10)
            try:
                connection.request("GET", "/v1/city-time")
                answer = json.loads(connection.getresponse().read())
            except (OSError, http.client.HTTPException):
                connection.close()
                self._connection = None
                if attempt == 2:
                    raise
            else:
                self._connection = connection
                return datetime.fromisoformat(answer["now"])
        raise AssertionError("unreachable")
