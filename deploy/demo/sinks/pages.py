"""Web app of the sinks: all messages as JSON, and pages of phones and mailboxes."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from markupsafe import Markup, escape

from deploy.demo.sinks.settings import SinkSettings
from deploy.demo.sinks.shelf import ReceivedMessage, ReceivedStore
from deploy.demo.sinks.words import refuse
from shared.web.answers.health import health_routes
from shared.web.answers.problem import install_problems
from shared.web.pages.live_updates import server_sent_updates
from shared.web.pages.rendering import TemplateRenderer, render, render_fragment
from shared.web.pages.static import router as static_routes
from shared.web.protection.security_headers import Receive, Scope, Send, content_security_policy
from shared.words.product import PRODUCT

HERE = Path(__file__).parent
MAX_SHOWN = 60
MAIL_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox"
MAIL_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; {MAIL_SANDBOX}; frame-ancestors 'self'"
Owner = Annotated[str, Query(alias="who")]
"""A phone number or an email address; empty: all."""
_LINK = re.compile(r"(?:https://)?(?P<host>[\w.-]+)(?P<path>/t/\w+)")


@dataclass(frozen=True, slots=True)
class Box:
    """One phone, its newest message last, or one mailbox, its newest message first."""

    owner: str
    received: tuple[ReceivedMessage, ...]

    @property
    def newest(self) -> ReceivedMessage:
        """The newest message."""
        return self.received[-1]


def create_app(settings: SinkSettings, store: ReceivedStore) -> FastAPI:
    """Create the web app."""
    app = FastAPI(title=f"{PRODUCT}: phones and mailboxes", docs_url=None, redoc_url=None)
    app.state.frame = frame = TemplateRenderer(settings, [HERE / "templates"])
    app.state.closing = asyncio.Event()
    frame.env.filters["reachable"] = lambda text: link_text(text, settings)
    install_problems(app)
    app.add_middleware(Headers, settings=settings)
    app.include_router(static_routes)
    app.include_router(health_routes(ready={}))
    _machine_routes(app, store)
    _people_routes(app, store, settings)
    return app


def _machine_routes(app: FastAPI, store: ReceivedStore) -> None:
    @app.get("/messages")
    async def messages() -> list[dict[str, Any]]:
        return [message.public() for message in store.all()]

    @app.delete("/messages", status_code=204)
    async def forget() -> Response:
        store.clear()
        return Response(status_code=204)


def _people_routes(app: FastAPI, store: ReceivedStore, settings: SinkSettings) -> None:
    @app.get("/", include_in_schema=False)
    async def page(request: Request, owner: Owner = "") -> Response:
        return render(request, "sinks.html", owner=owner, **_boxes(store, owner))

    @app.get("/live", include_in_schema=False)
    async def updates(request: Request, owner: Owner = "") -> Response:
        async def draw() -> str:
            return render_fragment(request, "sinks_part.html", owner=owner, **_boxes(store, owner))

        return server_sent_updates(request, draw, every_seconds=1.0)

    @app.get("/mail/{n}", include_in_schema=False)
    async def mail(n: int) -> Response:
        received = store.get(n)
        if received is None or not received.html:
            raise refuse("no_mail")
        return HTMLResponse(reachable_html(received.html, settings))

    @app.get("/sinks.css", include_in_schema=False)
    async def style() -> Response:
        return FileResponse(HERE / "sinks.css", media_type="text/css")


def link_text(text: str, settings: SinkSettings) -> Markup:
    """The text of an SMS with its short URL as a link to the local stack."""
    markup, position = Markup(), 0
    for match in _LINK.finditer(text):
        if match["host"] != settings.public_name:
            continue
        address = settings.intake_url.rstrip("/") + match["path"]
        markup += escape(text[position : match.start()])
        markup += Markup('<a href="{}">{}</a>').format(address, match[0])
        position = match.end()
    return markup + escape(text[position:])


def reachable_html(html: str, settings: SinkSettings) -> str:
    """The HTML of a mail with links to the local stack that open in a new window."""
    base_url = settings.intake_url.rstrip("/")
    return html.replace(f'href="https://{settings.public_name}', f'target="_blank" href="{base_url}')


def _boxes(store: ReceivedStore, owner: str) -> dict[str, Any]:
    received = [message for message in store.all() if owner.strip() in ("", message.to)]
    texts = [message for message in received if message.channel == "sms"]
    letters = [message for message in received if message.channel == "email"]
    return {
        "phones": _group_by_owner(texts)[:MAX_SHOWN],
        "mailboxes": _group_by_owner(letters)[:MAX_SHOWN],
        "texts": len(texts),
        "letters": len(letters),
        "phone_count": len({message.to for message in texts}),
        "box_count": len({message.to for message in letters}),
        "shown": MAX_SHOWN,
    }


def _group_by_owner(received: Sequence[ReceivedMessage]) -> list[Box]:
    """One box for each owner, the box with the newest message first."""
    owners: dict[str, list[ReceivedMessage]] = defaultdict(list)
    for message in received:
        owners[message.to].append(message)
    boxes = [Box(owner, tuple(messages)) for owner, messages in owners.items()]
    return sorted(boxes, key=lambda box: box.newest.n, reverse=True)


class Headers:
    """ASGI middleware for security headers. Mails may have styles and be shown in a frame of the page."""

    def __init__(self, app: Any, settings: SinkSettings) -> None:
        self._app = app
        self._page = f"{content_security_policy(settings)}; frame-src 'self'".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers for the path."""
        policy = MAIL_POLICY.encode() if scope.get("path", "").startswith("/mail/") else self._page

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                policy_headers = [
                    (b"content-security-policy", policy),
                    (b"x-content-type-options", b"nosniff"),
                ]
                message["headers"] = [*message["headers"], *policy_headers]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
