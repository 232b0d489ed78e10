"""The clock's own interface: a ledger as a line of JSON, its dates as another. Bytes in, bytes out."""

from shared.worktime.jsonl.answer import answer

__all__ = ["answer"]
