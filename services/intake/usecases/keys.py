"""Intake's own keys, each derived from the master key for one purpose."""

import hashlib
import hmac
from dataclasses import dataclass

from services.intake.domain.dossier.secret import normalize_secret, read_secret

_NO_SUCH_DOSSIER = bytes(32)


@dataclass(frozen=True, slots=True)
class IntakeKeys:
    """HMAC keys for secrets, persons and bodies, and the key that encrypts page tokens; 32 bytes each."""

    secret: bytes
    person: bytes
    body: bytes
    token: bytes
    filing: bytes

    @staticmethod
    def derive(master: bytes) -> "IntakeKeys":
        """Derive the five keys from the master key."""
        return IntakeKeys(
            *(_derive(master, purpose) for purpose in ("secret", "person", "body", "token", "filing"))
        )

    def secret_mac(self, secret: str) -> bytes:
        """The stored hash of a secret. The secret is long and random, so a keyed hash is enough."""
        return _mac(self.secret, normalize_secret(secret).encode())

    def verify_secret(self, secret: str, stored_mac: bytes | None) -> bool:
        """Whether this is the secret, as typed. Takes the same time if there is no such dossier (None).

        A text that an input method has changed is tried in each of its readings.
        """
        is_equal = False
        for reading in read_secret(secret) or ("",):
            mac = _mac(self.secret, reading.encode())
            is_equal |= hmac.compare_digest(mac, stored_mac or _NO_SUCH_DOSSIER)
        return is_equal and stored_mac is not None

    def person_ref(self, id_number: str) -> bytes:
        """A keyed hash of the identity number: equal for all dossiers of a person, and not reversible."""
        return _mac(self.person, id_number.encode())

    def filing_ref(self, kind: str, subject: str) -> bytes:
        """A keyed hash of a phone, mailbox, person or address, under which filings are counted."""
        return _mac(self.filing, f"{kind}:{subject}".encode())

    def body_mac(self, canonical: bytes) -> bytes:
        """A keyed hash of a request body, to compare a repeated request without storing the body."""
        return _mac(self.body, canonical)


def _derive(master: bytes, purpose: str) -> bytes:
    return _mac(master, f"intake.{purpose}".encode())


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
