"""Encryption of single fields with AES-256-GCM. `aad` binds the ciphertext to table, column and person."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class DecryptionFailed(ValueError):
    """The ciphertext was altered or moved to another field or person, or the key is wrong."""

    def __init__(self, aad: str) -> None:
        self.place = aad.rsplit(".", 1)[0]
        super().__init__(f"the seal of {self.place} does not open")


def new_key() -> bytes:
    """A new random data key of 32 bytes."""
    return os.urandom(KEY_BYTES)


class FieldCipher:
    """A cipher for several fields of one person."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, plaintext: bytes, *, aad: str) -> bytes:
        """Encrypt a field: a random nonce, then the ciphertext with its tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plaintext, aad.encode())


def encrypt_field(key: bytes, plaintext: bytes, *, aad: str) -> bytes:
    """Encrypt one field."""
    return FieldCipher(key).encrypt(plaintext, aad=aad)


def decrypt_field(key: bytes, sealed: bytes, *, aad: str) -> bytes:
    """Decrypt one field. Raises DecryptionFailed unless this was encrypted with this key and `aad`."""
    if len(sealed) < NONCE_BYTES:
        raise DecryptionFailed(aad)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad.encode())
    except InvalidTag:
        raise DecryptionFailed(aad) from None
