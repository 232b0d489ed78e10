"""Reading of requests: a JSON object, the idempotency key, the trace."""

from typing import Any
from uuid import UUID, uuid4

import orjson
from fastapi import Request

from services.intake.domain.submission.admission import fields_wrong
from services.intake.words import field_error, refuse
from shared.errors import Refused
from shared.observability import correlation

KEY_HEADER = "Idempotency-Key"


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object; its size is limited by its route. Raises Refused."""
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise _not_json() from None
    if not isinstance(body, dict):
        raise _not_json()
    return body


def canonical_json(body: dict[str, Any]) -> bytes:
    """The body with sorted keys, to compare bodies. Raises Refused if it is nested too deeply."""
    try:
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise _not_json() from None


def idempotency_key(request: Request) -> UUID:
    """The key of the header Idempotency-Key. Raises Refused if it is missing or no UUID."""
    try:
        return UUID(request.headers.get(KEY_HEADER, ""))
    except ValueError:
        raise refuse("key_needed", at_field=KEY_HEADER, header=KEY_HEADER) from None


def form_idempotency_key(typed: object) -> UUID:
    """The key of a form, so that sending it twice is one act; a new key if the form has none."""
    try:
        return UUID(str(typed))
    except ValueError:
        return uuid4()


def request_traceparent(request: Request) -> str:
    """The trace of this call; a new one if the header is missing."""
    return correlation.start_trace(request.headers.get("traceparent"))


def _not_json() -> Refused:
    return fields_wrong((field_error("body", "wrong_type"),))
