"""Keeps what a form sent before anything is done with it, and forgets it once the form has been accepted."""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from shared.observability.logs import get_logger
from shared.web.auth.identity import acting_login, is_form, safe_redirect
from shared.web.drafts.draft_store import DRAFT_LIFETIME, DraftOwner, DraftStore
from shared.web.pages.form_draft import ACTING_FIELD, FormDraft, draft_of_fields
from shared.web.pages.rendering import is_machine_path
from shared.web.settings import WebSettings

DRAFT_COOKIE = "motcua_drafts"
KEEP_PATH, CLEAR_PATH = "/drafts", "/drafts/clear"

log = get_logger(__name__)
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SentDraft:
    """The draft of the form that this request sent: already saved."""

    secret: str
    owner: DraftOwner
    draft: FormDraft


async def keep_what_was_typed(request: Request) -> None:
    """A dependency of every page: who acts, the drafts to fill its forms with, the draft of a sent form."""
    if is_machine_path(request):
        return
    await request.app.state.identity.by_session(request)
    if request.method == "POST":
        if is_form(request):
            await _keep_sent_form(request)
        return
    secret = request.cookies.get(DRAFT_COOKIE)
    if secret and request.method == "GET":
        owner = DraftOwner.derive(secret, acting_login(request))
        request.state.drafts = await _store(request).load(owner)


async def _keep_sent_form(request: Request) -> None:
    form = await request.form()
    draft = draft_of_fields(form.multi_items())
    if draft is None or request.url.path not in (draft.action, KEEP_PATH) or _is_from_elsewhere(request):
        return
    if safe_redirect(draft.action) != draft.action or safe_redirect(draft.page) != draft.page:
        return
    secret = request.cookies.get(DRAFT_COOKIE) or secrets.token_urlsafe(32)
    owner = DraftOwner.derive(secret, str(form.get(ACTING_FIELD) or ""))
    saved = await _store(request).save(owner, draft)
    if saved is not None:
        request.state.sent_draft = SentDraft(secret, owner, saved)
        request.state.drafts = {saved.action: saved}


def _is_from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent the form. A program names no origin."""
    origin = request.headers.get("origin")
    if origin is None:
        return False
    settings: WebSettings = request.app.state.frame.settings
    return urlsplit(origin).netloc not in (request.url.netloc, urlsplit(settings.own_url).netloc)


def _store(request: Request) -> DraftStore:
    return request.app.state.drafts


class DraftMiddleware:
    """Deletes the draft of an accepted form; the browser of any other gets the cookie of its draft."""

    def __init__(self, app: App, store: DraftStore, settings: WebSettings) -> None:
        self._app, self._store, self._settings = app, store, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at the start of its answer."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        state = Request(scope).state

        async def send_and_finish(message: Message) -> None:
            sent: SentDraft | None = getattr(state, "sent_draft", None)
            if message["type"] == "http.response.start" and sent is not None:
                is_accepted = message["status"] < HTTPStatus.BAD_REQUEST and not getattr(
                    state, "is_kept", False
                )
                if is_accepted:
                    await self._forget(sent)
                else:
                    message["headers"] = [*message["headers"], self._cookie(sent.secret)]
            await send(message)

        await self._app(scope, receive, send_and_finish)

    async def _forget(self, sent: SentDraft) -> None:
        """Delete the draft. The form has taken effect, so a failure is logged and not answered."""
        try:
            await self._store.delete(sent.owner, sent.draft.action)
        except Exception as failure:
            log.warning("draft.not_deleted", error=repr(failure))

    def _cookie(self, secret: str) -> tuple[bytes, bytes]:
        response = Response()
        age = int(DRAFT_LIFETIME.total_seconds())
        response.set_cookie(
            DRAFT_COOKIE, secret, max_age=age, httponly=True, samesite="lax", secure=self._settings.secure
        )
        return (b"set-cookie", response.headers["set-cookie"].encode("latin-1"))
