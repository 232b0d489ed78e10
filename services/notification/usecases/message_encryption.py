"""Encryption of a message's content with the key of its addressee."""

from uuid import UUID

from services.notification.domain.rendered_message import RenderedMessage
from shared.security.seal import decrypt_field, encrypt_field


def encrypt_message(key: bytes, message_id: UUID, content: RenderedMessage) -> bytes:
    """Encrypt a message. The bytes are bound to the message's id and cannot serve another one."""
    return encrypt_field(key, content.to_bytes(), aad=_aad(message_id))


def decrypt_message(key: bytes, message_id: UUID, sealed: bytes) -> RenderedMessage:
    """Decrypt a message. Raises DecryptionFailed if the bytes belong to another message."""
    return RenderedMessage.from_bytes(decrypt_field(key, sealed, aad=_aad(message_id)))


def _aad(message_id: UUID) -> str:
    return f"messages.sealed.{message_id}"
