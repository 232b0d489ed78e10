"""The actor of a request: a program by its API key, an officer by the session of a login."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Header, Request, Security
from fastapi.responses import RedirectResponse, Response
from fastapi.security import APIKeyHeader

from shared.actor import Actor
from shared.security.api_keys import Credential
from shared.web.auth.sessions import Officer, Queryable, find_session
from shared.web.pages.form_draft import ACTING_FIELD, CSRF_FIELD, PAGE_FIELD
from shared.web.pages.rendering import NOTE_PARAMETER, accepts_html, current_page, form_token
from shared.web.settings import WebSettings
from shared.web.words import refuse, text

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf"
MOST_SEEN_SESSIONS = 10_000

Identify = Callable[[str], Credential | None]
"""The credential of an API key, as `shared.security.api_keys` finds it."""
ListCounters = Callable[[], Collection[str]]
"""The receiving offices of the catalogue in force."""

API_KEY = APIKeyHeader(
    name="X-API-Key",
    scheme_name="key",
    auto_error=False,
    description="The key of a party or of an officer's program; `Authorization: Bearer` does as well.",
)
DocumentedKey = Annotated[str | None, Security(API_KEY)]
"""For the OpenAPI document; `Authenticator.by_key` reads the key."""
OFFICE_HEADER = "X-Office"
DocumentedOffice = Annotated[
    str | None,
    Header(
        alias=OFFICE_HEADER, description=text("api.office_header").side_by_side, examples=["PASC-SP.00070"]
    ),
]
"""For the OpenAPI document; `Authenticator.by_key` reads the header."""


async def document_office(_office: DocumentedOffice = None) -> None:
    """A dependency of routes that read the key by hand: it only documents the header."""


def no_counters() -> Collection[str]:
    """For a service without a catalogue."""
    return ()


class LoginRequired(Exception):
    """A browser without a session: redirect it to the login page and back."""


class StaleForm(Exception):
    """A form without a valid token: it is too old, or not ours."""


@dataclass(eq=False)
class ActorChanged(Exception):
    """A form was drawn for one person and is sent while another one, or nobody, is logged in.

    `drawn_for`: the login; empty for a form drawn while nobody was logged in.
    """

    drawn_for: str


class Authenticator:
    """Finds the actor of a request. One per service, at `app.state.identity`."""

    def __init__(
        self,
        settings: WebSettings,
        database: Queryable,
        identify: Identify,
        list_counters: ListCounters = no_counters,
    ) -> None:
        self.settings = settings
        self.database = database
        self._identify = identify
        self._list_counters = list_counters
        self._seen_sessions: dict[str, None] = {}
        """Names of sessions, the last found at the end."""
        self._session_pattern = re.compile(rb"(?:^|; *)%s=([^; ]+)" % self.cookie.encode())

    def key_holder(self, value: bytes) -> str:
        """A name for the holder of a valid key; empty for any other value."""
        header = value.decode("latin-1")
        key = _bearer_key(header) or header
        return f"key:{_short_digest(key)}" if self._identify(key) is not None else ""

    def session_holder(self, cookies: bytes) -> str:
        """A name for the officer of a session that was in use here before; empty for any other.

        The database is not asked: this is needed while it does not answer.
        """
        match = self._session_pattern.search(cookies)
        name = f"session:{_short_digest(match[1].decode('latin-1'))}" if match else ""
        return name if name in self._seen_sessions else ""

    @property
    def cookie(self) -> str:
        """The cookie's name contains the service, since all ports of a host share cookies."""
        return f"motcua_{self.settings.service}"

    def by_key(self, request: Request) -> Actor | None:
        """The actor of the API key; None without one.

        A machine of several offices names one of them in the header `X-Office`; the actor then belongs to it.
        Raises Refused for a wrong key, and for an office that is missing or not the key's.
        """
        key = _key(request)
        if key is None:
            return None
        credential = self._identify(key)
        if credential is None:
            raise refuse("unauthenticated")
        offices = request.headers.getlist(OFFICE_HEADER)
        if not offices and credential.offices is None:
            return credential.actor
        if len(offices) != 1 or not offices[0]:
            raise refuse("office_missing")
        if not credential.may_act_for(offices[0], self._list_counters()):
            raise refuse("office_not_of_this_key")
        return replace(credential.actor, office=offices[0])

    def holds_key(self, request: Request) -> bool:
        """Whether the request has a valid API key."""
        key = _key(request)
        return key is not None and self._identify(key) is not None

    async def by_session(self, request: Request) -> Officer | None:
        """The officer of the session, if any; the page frame then shows the name."""
        if hasattr(request.state, "officer"):
            return request.state.officer
        secret = request.cookies.get(self.cookie)
        request.state.officer = officer = await find_session(self.database, secret) if secret else None
        if officer is not None and secret:
            request.state.actor, request.state.officer_name = officer.actor, officer.name
            self._remember_session(secret)
        return officer

    async def actor(self, request: Request) -> Actor | None:
        """The actor, or None. Raises StaleForm or ActorChanged for a form without its token."""
        by_key = self.by_key(request)
        if by_key is not None:
            return by_key
        officer = await self.by_session(request)
        if officer is None:
            return None
        await verify_csrf(request)
        return officer.actor

    def _remember_session(self, secret: str) -> None:
        name = f"session:{_short_digest(secret)}"
        self._seen_sessions.pop(name, None)
        self._seen_sessions[name] = None
        if len(self._seen_sessions) > MOST_SEEN_SESSIONS:
            del self._seen_sessions[next(iter(self._seen_sessions))]


def require_actor(
    *, kinds: Collection[str] = (), roles: Collection[str] = ()
) -> Callable[..., Awaitable[Actor]]:
    """A dependency: the actor, of one of these kinds and (for officers) roles.

    Raises LoginRequired for a browser without a session, Refused for anyone else.
    """

    async def permitted(
        request: Request, _key: DocumentedKey = None, _office: DocumentedOffice = None
    ) -> Actor:
        actor = await _identity(request).actor(request)
        if actor is None:
            raise LoginRequired if accepts_html(request) else refuse("unauthenticated")
        if kinds and actor.kind not in kinds:
            raise refuse("forbidden")
        if roles and actor.kind == "officer" and actor.role not in roles:
            raise refuse("forbidden")
        return actor

    return permitted


async def optional_actor(
    request: Request, _key: DocumentedKey = None, _office: DocumentedOffice = None
) -> Actor | None:
    """A dependency: the actor if there is one. Forms of anonymous people need a token too, JSON does not."""
    actor = await _identity(request).actor(request)
    if actor is None and is_form(request):
        await verify_csrf(request)
    return actor


async def has_credential(request: Request) -> bool:
    """Whether the request has a valid key or an officer's session. Permits nothing: it refuses nobody."""
    identity = _identity(request)
    if identity.holds_key(request):
        return True
    return await identity.by_session(request) is not None


async def verify_csrf(request: Request) -> None:
    """Require the token that our forms carry for the acting person. Raises StaleForm or ActorChanged."""
    if request.method in SAFE_METHODS:
        return
    form = await request.form()
    token = request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD) or ""
    page = current_page(request)
    if not compare_digest(str(token).encode(), form_token(page.visit, page.acting).encode()):
        await require_same_actor(request)
        raise StaleForm


async def require_same_actor(request: Request) -> None:
    """Require that the person for whom the form was drawn still acts. Raises ActorChanged."""
    drawn_for = (await request.form()).get(ACTING_FIELD)
    if drawn_for is not None and drawn_for != acting_login(request):
        raise ActorChanged(str(drawn_for))


def acting_login(request: Request) -> str:
    """The login of the officer who acts in this request; empty for anybody else."""
    officer: Actor | None = getattr(request.state, "actor", None)
    return (officer.id if officer else None) or ""


async def redirect_to_login(request: Request, _error: Exception) -> Response:
    """Redirect a browser without a session to the login page, with the way back to its page or form."""
    request.state.is_kept = True
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return_to = target if request.method in SAFE_METHODS else await filled_form_page(request, "session")
    return RedirectResponse(f"/login?next={quote(return_to, safe='')}", 303)


async def filled_form_page(request: Request, note: str) -> str:
    """The page of a sent form; with a note if the form will be filled in there."""
    if not hasattr(request.state, "sent_draft"):
        return _form_page(request)
    page = safe_redirect(str((await request.form()).get(PAGE_FIELD) or ""))
    return page + ("&" if "?" in page else "?") + urlencode({NOTE_PARAMETER: note})


def _form_page(request: Request) -> str:
    """The page from which a form was sent, by the Referer of the same service."""
    page = urlsplit(request.headers.get("referer", ""))
    is_own_page = page.netloc == request.url.netloc
    return page.path + (f"?{page.query}" if page.query else "") if is_own_page else "/"


def safe_redirect(target: str | None) -> str:
    """A path of this service: `/` for any other target."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    is_safe = not parts.scheme and not parts.netloc and all(ord(character) >= 32 for character in target)
    return target if is_safe else "/"


def _short_digest(secret: str) -> str:
    return hashlib.blake2b(secret.encode("latin-1", "replace"), digest_size=8).hexdigest()


def _identity(request: Request) -> Authenticator:
    return request.app.state.identity


def is_form(request: Request) -> bool:
    """Whether a form was sent."""
    kind = request.headers.get("content-type", "").lower()
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


def _key(request: Request) -> str | None:
    return _bearer_key(request.headers.get("authorization", "")) or request.headers.get("x-api-key")


def _bearer_key(header: str) -> str:
    """The key of an `Authorization: Bearer` header; empty for any other."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
