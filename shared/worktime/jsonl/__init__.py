"""The clock's own interface: a ledger as a line of JSON, its dates as another. Bytes in, bytes out."""

from shared.worktime.jsonl.answer import answer_line

__all__ = ["answer_line"]
