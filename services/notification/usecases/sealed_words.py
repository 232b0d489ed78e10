"""The words of a message, under the seal of the person they are for."""

from uuid import UUID

from services.notification.domain.words import Words
from shared.security.seal import open_sealed, seal


def seal_words(key: bytes, message_id: UUID, words: Words) -> bytes:
    """Bound to the message, so that no row can lend its words to another."""
    return seal(key, words.to_bytes(), aad=_aad(message_id))


def open_words(key: bytes, message_id: UUID, sealed: bytes) -> Words:
    """The words again; SealBroken when they are not this message's."""
    return Words.from_bytes(open_sealed(key, sealed, aad=_aad(message_id)))


def _aad(message_id: UUID) -> str:
    return f"messages.sealed.{message_id}"
