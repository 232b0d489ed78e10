"""`citizen.contacts`: encrypted contacts, which only notification decrypts; compacted."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Body):
    """The encrypted contact of one person. `sealed`: base64 of AES-256-GCM with the person's data key."""

    subject_ref: UUID
    sealed: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A decrypted contact. `text`: plain, short, full or voice; `language`: vi or en."""

    phone: str | None
    email: str | None
    language: str = "vi"
    text: str = "plain"
    name: str | None = None

    def to_bytes(self) -> bytes:
        """The plaintext to encrypt."""
        return orjson.dumps(self)

    @staticmethod
    def from_bytes(raw: bytes) -> "Contact":
        """The contact of decrypted bytes."""
        return Contact(**orjson.loads(raw))


def contact_aad(subject_ref: UUID) -> str:
    """The associated data that binds an encrypted contact to its topic and person."""
    return f"citizen.contacts.sealed.{subject_ref}"


CHANGED = "contact.changed.v1"
