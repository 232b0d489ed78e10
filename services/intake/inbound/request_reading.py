"""What every call to the door is read with: a bounded body, its key, its trace."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import orjson
from fastapi import Request

from services.intake.domain.submission.admission import fields_wrong
from services.intake.words import field_error, refuse
from shared.errors import Refused
from shared.observability import correlation

MOST_BODY_BYTES = 256 * 1024
KEY_HEADER = "Idempotency-Key"


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object of a bearable size."""
    raw = b"".join([chunk async for chunk in _read_bounded(request)])
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _not_json() from None
    if not isinstance(body, dict):
        raise _not_json()
    return body


def canonical_json(body: dict[str, Any]) -> bytes:
    """The same bytes for the same body, however it was written; what nests too deep for that is refused."""
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise _not_json() from None


def idempotency_key(request: Request) -> UUID:
    """The caller's own key for this submission: the same one again is a retry."""
    try:
        return UUID(request.headers.get(KEY_HEADER, ""))
    except ValueError:
        raise refuse("key_needed", at_field=KEY_HEADER, header=KEY_HEADER) from None


def form_idempotency_key(typed: object) -> UUID:
    """A form's own key: pressing twice is one act. A form without one is new."""
    try:
        return UUID(str(typed))
    except ValueError:
        return uuid4()


def request_traceparent(request: Request) -> str:
    """The trace this call belongs to, begun here if it brings none."""
    return correlation.start_trace(request.headers.get("traceparent"))


async def _read_bounded(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BODY_BYTES:
            raise refuse("body_too_large")
        yield chunk


def _not_json() -> Refused:
    return fields_wrong((field_error("body", "wrong_type"),))
