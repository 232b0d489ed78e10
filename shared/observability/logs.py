"""Structured logs: JSON, or coloured text on a terminal, also for libraries."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from shared.observability import correlation
from shared.observability.redaction import redact_line

get_logger = structlog.stdlib.get_logger
_QUIET = ("aiokafka", "asyncio", "httpx", "httpcore", "faststream", "asyncpg", "uvicorn.access", "mail.log")


def configure_logging(service: str, mode: str = "auto") -> None:
    """Configure logging once at start. `mode`: json, colour, or auto (colour on a terminal)."""
    colour = mode == "colour" or (mode == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _flatten_extra,
        _with_service(service),
        _with_trace,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _install(shared, structlog.dev.ConsoleRenderer() if colour else structlog.processors.JSONRenderer())


def _install(shared: list[Processor], renderer: Processor) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:7], structlog.stdlib.ExtraAdder(), *shared[7:]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact_line, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiokafka.cluster").setLevel(
        logging.CRITICAL
    )  # it logs ten lines a second for a missing topic
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True


def _flatten_extra(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Move the context that FastStream nests in `extra` to the top level."""
    nested = line.pop("extra", None)
    if isinstance(nested, dict):
        for name, value in nested.items():
            line.setdefault(name, value)
    return line


def _with_service(service: str) -> Processor:
    def add(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    return add


def _with_trace(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    trace = correlation.trace_id(correlation.current_traceparent())
    if trace:
        line.setdefault("trace", trace)
    return line
