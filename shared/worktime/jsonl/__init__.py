"""The clock's interface in JSON lines: a ledger in, its dates out."""

from shared.worktime.jsonl.answer import answer_line

__all__ = ["answer_line"]
