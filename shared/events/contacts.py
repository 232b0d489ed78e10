"""`citizen.contacts`: encrypted contacts, which only notification decrypts; compacted."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import orjson

from shared.events.body import Body
from shared.text_fields import Choice, Name, Pattern

Sealed = Annotated[str, Pattern(r"^[A-Za-z0-9+/_=-]*$", 20_000)]
LANGUAGES = ("vi", "en")
TEXT_FORMS = ("plain", "short", "full", "voice")
Language = Annotated[str, Choice(LANGUAGES)]
TextForm = Annotated[str, Choice(TEXT_FORMS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Body):
    """The encrypted contact of one person. `sealed`: base64 of AES-256-GCM with the person's data key."""

    subject_ref: UUID
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Contact:
    """A decrypted contact. `text`: plain, short, full or voice; `language`: vi or en."""

    phone: Name | None
    email: Name | None
    language: Language = "vi"
    text: TextForm = "plain"
    name: Name | None = None

    def to_bytes(self) -> bytes:
        """The plaintext to encrypt."""
        return orjson.dumps(self)

    @staticmethod
    def from_bytes(raw: bytes) -> "Contact":
        """The contact of decrypted bytes. Raises ValueError for a language or form that nobody knows."""
        contact = Contact(**orjson.loads(raw))
        if contact.language not in LANGUAGES or contact.text not in TEXT_FORMS:
            raise ValueError(f"no such language or form: {contact.language}, {contact.text}")
        return contact


def contact_aad(subject_ref: UUID) -> str:
    """The associated data that binds an encrypted contact to its topic and person."""
    return f"citizen.contacts.sealed.{subject_ref}"


CHANGED = "contact.changed.v1"
