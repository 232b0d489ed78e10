"""Cookies that let a browser see the page of a dossier again for half an hour."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from shared.clock import machine_now
from shared.security.seal import DecryptionFailed, decrypt_field, encrypt_field

LIFETIME = timedelta(minutes=30)
SLIP, TRACK = "motcua_slip", "motcua_track"


@dataclass(frozen=True, slots=True)
class PageAccessTokens:
    """Issues and verifies encrypted tokens in cookies of this host. They are never part of an address."""

    key: bytes
    secure: bool

    def issue(self, response: Response, name: str, dossier_id: UUID) -> None:
        """Let this browser see the page of this dossier until the token expires."""
        until = int((machine_now() + LIFETIME).timestamp())
        sealed = encrypt_field(self.key, f"{dossier_id}|{until}".encode(), aad=name)
        value = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        response.set_cookie(
            name,
            value,
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )

    def verify(self, request: Request, name: str) -> UUID | None:
        """The dossier of a valid token; None if there is none, or if it expired or was tampered with."""
        value = request.cookies.get(name, "")
        try:
            sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
            id, _, until = decrypt_field(self.key, sealed, aad=name).decode().partition("|")
        except (DecryptionFailed, ValueError, binascii.Error):
            return None
        if int(until) <= machine_now().timestamp():
            return None
        return UUID(id)
