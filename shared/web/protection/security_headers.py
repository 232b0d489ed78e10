"""Headers that keep a page to itself: nothing from strangers, no framing, no guessing of types."""

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
    """What a page may load and where its forms may go: us, and the issuer for logging in."""
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
    """Adds them to every answer, whoever made it."""

    def __init__(self, app: App, settings: WebSettings) -> None:
        self._app = app
        headers = [(b"content-security-policy", content_security_policy(settings).encode())]
        if settings.secure:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        self._pairs = [*headers, *SECURITY_HEADERS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass all through; only the start of an answer is touched."""

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._pairs]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
