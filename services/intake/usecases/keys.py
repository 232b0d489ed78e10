"""Keys of the door itself, each derived from the master key for one use: proofs and sealed tokens."""

import hashlib
import hmac
from dataclasses import dataclass

from services.intake.domain.dossier.secret import normalize_secret

_NO_SUCH_DOSSIER = bytes(32)


@dataclass(frozen=True, slots=True)
class IntakeKeys:
    """HMAC keys for secrets, persons and bodies, and the key that seals a page's token."""

    secret: bytes
    person: bytes
    body: bytes
    token: bytes

    @staticmethod
    def derive(master: bytes) -> "IntakeKeys":
        """Derive the four keys from the master key."""
        return IntakeKeys(*(_derive(master, purpose) for purpose in ("secret", "person", "body", "token")))

    def secret_mac(self, secret: str) -> bytes:
        """The proof of a secret. The secret is random and long, so a keyed hash is enough."""
        return _mac(self.secret, normalize_secret(secret).encode())

    def verify_secret(self, secret: str, stored_mac: bytes | None) -> bool:
        """Is this the secret? The same work and time for a dossier that does not exist."""
        return (
            hmac.compare_digest(self.secret_mac(secret), stored_mac or _NO_SUCH_DOSSIER)
            and stored_mac is not None
        )

    def person_ref(self, id_number: str) -> bytes:
        """A person as a reference: finds all dossiers of one person, tells nobody who it is."""
        return _mac(self.person, id_number.encode())

    def body_mac(self, canonical: bytes) -> bytes:
        """Whether two bodies are the same, without keeping either."""
        return _mac(self.body, canonical)


def _derive(master: bytes, purpose: str) -> bytes:
    return _mac(master, f"intake.{purpose}".encode())


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
