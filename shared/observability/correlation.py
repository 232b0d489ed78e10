"""W3C trace context, carried from a request through outbox, topics and handlers to the text sent."""

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar

_SHAPE = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)
_causes: ContextVar[Mapping[str, str]] = ContextVar("causes", default={})  # noqa: B039  (never mutated)


def new_traceparent() -> str:
    """A trace of its own."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def start_trace(received: str | None = None) -> str:
    """Work that starts here goes on under the received traceparent, or a new one if it is not one."""
    traceparent = received if received and _SHAPE.match(received) else new_traceparent()
    _current.set(traceparent)
    return traceparent


def current_traceparent() -> str | None:
    """The trace of the work under way."""
    return _current.get()


def set_batch_traces(causes: Mapping[str, str]) -> None:
    """The traces of the events a batch holds, by event id; a batch of one trace is also the current."""
    _causes.set(causes)
    traces = set(causes.values())
    _current.set(traces.pop() if len(traces) == 1 else None)


def traceparent_for(causation_id: str | None) -> str | None:
    """The trace a new event belongs to: its cause's, else that of the work under way."""
    return _causes.get().get(causation_id or "") or _current.get()


def trace_id(traceparent: str | None) -> str | None:
    """The 32 characters people search logs by."""
    return traceparent[3:35] if traceparent else None
