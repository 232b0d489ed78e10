"""Names of types and headers on the wire. Inside, a type has its short name (`task.queued.v1`)."""

from collections.abc import Callable, Iterable

PREFIX = "vn.motcua."
SEQUENCE, OLD_SEQUENCE = "ce_sequence", "ce_seq"
TRACEPARENT, OLD_TRACEPARENT = "traceparent", "ce_traceparent"
DATASCHEMA = "ce_dataschema"
SEQUENCE_DIGITS = 12
"""The width of a sequence number, so that it sorts as text too; one with more digits is written whole."""
MOST_SEQUENCE_DIGITS = 17
GetHeader = Callable[[str], str | None]
"""Returns the header of this name; None if the record has none."""


def wire_type(kind: str) -> str:
    """The name of a type on the wire (`vn.motcua.task.queued.v1`)."""
    return PREFIX + kind


def wire_types(kinds: Iterable[str]) -> str:
    """Names of types on the wire, in one line."""
    return ", ".join(map(wire_type, kinds))


def short_type(ce_type: str) -> str:
    """The short name of a type, which is also its name on the wire in the old form."""
    return ce_type.removeprefix(PREFIX)


def is_old_form(ce_type: str) -> bool:
    """Whether a record of this `ce_type` was written before types had their prefix."""
    return not ce_type.startswith(PREFIX)


def sequence_text(number: int) -> str:
    """The number as `ce_sequence`."""
    return f"{number:0{SEQUENCE_DIGITS}d}"


def sequence_of(header: GetHeader) -> int | None:
    """The sequence number of a record, in plain digits that fit a bigint; None for anything else."""
    digits = header(SEQUENCE) or header(OLD_SEQUENCE) or ""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_SEQUENCE_DIGITS
    return int(digits) if is_number else None


def trace_of(header: GetHeader) -> str | None:
    """The W3C trace context of a record."""
    return header(TRACEPARENT) or header(OLD_TRACEPARENT)
