"""W3C trace context, from a request through outbox, topics and handlers to the sent message."""

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar

_SHAPE = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)
_causes: ContextVar[Mapping[str, str]] = ContextVar("causes", default={})  # noqa: B039  (never mutated)


def new_traceparent() -> str:
    """A traceparent of a new trace."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def start_trace(received: str | None = None) -> str:
    """Make the received traceparent current, or a new one if it is invalid. Returns it."""
    traceparent = received if received and _SHAPE.match(received) else new_traceparent()
    _current.set(traceparent)
    return traceparent


def current_traceparent() -> str | None:
    """The current traceparent."""
    return _current.get()


def set_batch_traces(causes: Mapping[str, str]) -> None:
    """Set the traces of a batch's events, by event id. The trace of a batch with only one becomes current."""
    _causes.set(causes)
    traces = set(causes.values())
    _current.set(traces.pop() if len(traces) == 1 else None)


def traceparent_for(causation_id: str | None) -> str | None:
    """The traceparent of a new event: that of its cause, else the current one."""
    return _causes.get().get(causation_id or "") or _current.get()


def trace_id(traceparent: str | None) -> str | None:
    """The trace id (32 hex digits) of a traceparent."""
    return traceparent[3:35] if traceparent else None
