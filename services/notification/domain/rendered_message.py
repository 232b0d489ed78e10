"""What is sealed with a message: where it goes and exactly what it says."""

from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One finished text or letter. A text has no subject and no HTML."""

    to: str
    text: str
    subject: str | None = None
    html: str | None = None

    def to_bytes(self) -> bytes:
        """The plaintext to seal."""
        return orjson.dumps(self)

    @staticmethod
    def from_bytes(raw: bytes) -> "RenderedMessage":
        """The words opened from their seal."""
        return RenderedMessage(**orjson.loads(raw))


def mask_address(address: str) -> str:
    """A number or address an operator may see: enough to recognise, not enough to use."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"{address[:3]} … {address[-3:]}" if len(address) > 6 else "…"
