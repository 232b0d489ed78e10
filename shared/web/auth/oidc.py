"""The OpenID Connect code flow: state, nonce and PKCE, with httpx and joserfc."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.web.auth.sessions import Officer
from shared.web.settings import WebSettings
from shared.web.words import refuse

ALGORITHMS = ["RS256", "ES256"]
SCOPE = "openid profile"
TIMEOUT = httpx.Timeout(5.0)
_SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """One login attempt, stored in a short-lived cookie until the issuer redirects back."""

    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def create(cls, target: str) -> "LoginAttempt":
        """A new attempt that leads to `target` on success."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)), next=target)

    @classmethod
    def parse(cls, cookie: str) -> "LoginAttempt | None":
        """The attempt of a cookie; None if it is invalid."""
        parts = cookie.split(_SEPARATOR, 3)
        try:
            state, nonce, verifier, target = parts
            return cls(state, nonce, verifier, base64.urlsafe_b64decode(target + "==").decode())
        except ValueError:
            return None

    def to_cookie(self) -> str:
        """The cookie's value."""
        target = base64.urlsafe_b64encode(self.next.encode()).decode().rstrip("=")
        return _SEPARATOR.join((self.state, self.nonce, self.verifier, target))


class OidcIssuer:
    """The trusted issuer. Its metadata and keys are fetched on first use and cached."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._metadata: Mapping[str, Any] = {}

    @property
    def redirect_uri(self) -> str:
        """The address to which the issuer redirects the officer."""
        return f"{self._settings.own_url}/auth/callback"

    async def authorize_url(self, attempt: LoginAttempt) -> str:
        """The issuer's address for the officer's browser."""
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{(await self._discover())['authorization_endpoint']}?{urlencode(parameters)}"

    async def exchange_code(self, code: str, attempt: LoginAttempt) -> Officer:
        """The officer of a code. Raises the same refusal for any failure."""
        try:
            claims = await self._claims(code, attempt)
            post = claims["post"]
            return Officer(str(claims["sub"]), str(claims["name"]), str(post["role"]), str(post["office"]))
        except (httpx.HTTPError, JoseError, KeyError, TypeError, ValueError) as error:
            raise refuse("login_failed") from error

    async def _claims(self, code: str, attempt: LoginAttempt) -> Mapping[str, Any]:
        metadata = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        secret = self._settings.oidc_client_secret.get_secret_value()
        async with httpx.AsyncClient(timeout=TIMEOUT) as http:
            response = await http.post(
                metadata["token_endpoint"], data=form, auth=(self._settings.oidc_client_id, secret)
            )
            keys = await http.get(metadata["jwks_uri"])
        token = response.raise_for_status().json()["id_token"]
        return self._verify(token, keys.raise_for_status().json(), attempt)

    def _verify(self, token: str, keys: Any, attempt: LoginAttempt) -> Mapping[str, Any]:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self._settings.oidc_issuer.rstrip("/")},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            nonce={"essential": True, "value": attempt.nonce},
            exp={"essential": True},
        ).validate(claims)
        return claims

    async def _discover(self) -> Mapping[str, Any]:
        if not self._metadata:
            address = f"{self._settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
            async with httpx.AsyncClient(timeout=TIMEOUT) as http:
                self._metadata = (await http.get(address)).raise_for_status().json()
        return self._metadata
