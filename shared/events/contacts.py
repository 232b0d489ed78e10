"""`citizen.contacts`: how to reach a person, sealed for notification alone; compacted."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Body):
    """The sealed contact of one subject; `sealed` is base64 of AES-256-GCM under the subject's data key."""

    subject_ref: UUID
    sealed: str


@dataclass(frozen=True, slots=True)
class Contact:
    """What is inside the seal. `text` is plain, short, full or voice; `language` is vi or en."""

    phone: str | None
    email: str | None
    language: str = "vi"
    text: str = "plain"
    name: str | None = None

    def to_bytes(self) -> bytes:
        """The plaintext to seal."""
        return orjson.dumps(self)

    @staticmethod
    def from_bytes(raw: bytes) -> "Contact":
        """The contact opened from its seal."""
        return Contact(**orjson.loads(raw))


def contact_aad(subject_ref: UUID) -> str:
    """What binds a sealed contact to its topic and person."""
    return f"citizen.contacts.sealed.{subject_ref}"


CHANGED = "contact.changed.v1"
