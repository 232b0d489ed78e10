"""The encrypted part of a message: address and content."""

from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A rendered text message or email. A text message has no subject and no HTML."""

    to: str
    text: str
    subject: str | None = None
    html: str | None = None

    def to_bytes(self) -> bytes:
        """The JSON to encrypt."""
        return orjson.dumps(self)

    @staticmethod
    def from_bytes(raw: bytes) -> "RenderedMessage":
        """The message of decrypted JSON."""
        return RenderedMessage(**orjson.loads(raw))


def mask_address(address: str) -> str:
    """A masked phone number or email address, which an operator can recognise and not use."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    if len(address) > 6:
        return f"{address[:3]} … {address[-3:]}"
    return "…"
