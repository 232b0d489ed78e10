"""How one text centre writes references, states and refusals, by the catalogue's `carriers`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

IdWriting = Literal["text", "hex", "decimal"]
Refusal = Literal["temporary", "permanent"]
LONGEST_ID = 65
"""Octets of a message_id with its end mark (SMPP 3.4, 5.2.23)."""
_PRINTABLE = re.compile(r"[!-~]+")
_DIGITS: Mapping[IdWriting, tuple[re.Pattern[str], int]] = {
    "hex": (re.compile(r"[0-9A-Fa-f]+"), 16),
    "decimal": (re.compile(r"[0-9]+"), 10),
}


@dataclass(frozen=True, slots=True)
class CarrierDialect:
    """One entry of the catalogue's `carriers`. `words` and `numbers` map a state to a receipt's outcome."""

    name: str
    response_ids: IdWriting
    receipt_ids: IdWriting
    words: Mapping[str, str]
    numbers: Mapping[int, str]
    temporary: frozenset[int]
    permanent: frozenset[int]
    unreachable: frozenset[str]

    def response_ref(self, written: str | None) -> str | None:
        """The reference of a text, from the centre's answer; None if it cannot be read."""
        return _canonical_id(written or "", self.response_ids)

    def receipt_ref(self, written: str) -> str | None:
        """The reference of a text, from a receipt, written as `response_ref` writes it."""
        return _canonical_id(written, self.receipt_ids)

    def refusal(self, command_status: int) -> Refusal | None:
        """Whether this status means "not now" or "never"; None for one that the catalogue does not list."""
        if command_status in self.permanent:
            return "permanent"
        return "temporary" if command_status in self.temporary else None


def decode_dialect(item: Mapping[str, Any], name: str) -> CarrierDialect | None:
    """The carrier of this name in the catalogue's item `carriers`; None if there is none."""
    raw = item["carriers"].get(name)
    if raw is None:
        return None
    return CarrierDialect(
        name=name,
        response_ids=raw["ids"]["response"],
        receipt_ids=raw["ids"]["receipt"],
        words=raw["words"],
        numbers={int(number): outcome for number, outcome in raw["numbers"].items()},
        temporary=frozenset(raw["refusals"]["temporary"]),
        permanent=frozenset(raw["refusals"]["permanent"]),
        unreachable=frozenset(raw["unreachable"]),
    )


def _canonical_id(written: str, writing: IdWriting) -> str | None:
    text = written.strip(" ")
    if len(text) > LONGEST_ID or not _PRINTABLE.fullmatch(text):
        return None
    if writing == "text":
        return text
    digits, base = _DIGITS[writing]
    return format(int(text, base), "x") if digits.fullmatch(text) else None
