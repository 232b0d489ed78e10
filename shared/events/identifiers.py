"""UUIDs (RFC 9562) that sort by time: random ones, and ones derived from another."""

import hashlib
import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """A new id: 48 bits of Unix milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def derived_id(root: UUID, *names: str) -> UUID:
    """A deterministic id (version 8) of something that belongs to this root.

    It sorts beside its root: its first 48 bits are the root's own, the rest a hash of root and names.
    """
    digest = hashlib.sha256(b"\x00".join([root.bytes, *(name.encode() for name in names)])).digest()
    value = int.from_bytes(root.bytes[:6] + digest[:10])
    value = (value & ~(0xF << 76)) | (0x8 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
