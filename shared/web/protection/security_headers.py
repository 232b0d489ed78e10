"""Security headers: content security policy, no framing, no type sniffing."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from shared.web.settings import WebSettings

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def content_security_policy(settings: WebSettings) -> str:
    """The content security policy: a page loads only our assets, and forms go to us and to the issuer."""
    forms = dict.fromkeys(("'self'", settings.own_url, settings.issuer_origin))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action " + " ".join(origin for origin in forms if origin),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeadersMiddleware:
    """Adds the headers to every response."""

    def __init__(self, app: App, settings: WebSettings) -> None:
        self._app = app
        headers = [(b"content-security-policy", content_security_policy(settings).encode())]
        if settings.secure:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        self._pairs = [*headers, *SECURITY_HEADERS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers at the start of the response."""

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._pairs]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
