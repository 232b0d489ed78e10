"""Login and logout: a list of sample officers in a local stack, the city's issuer in production."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from shared.web.auth.identity import Authenticator, safe_redirect, verify_csrf
from shared.web.auth.oidc import LoginAttempt, OidcIssuer
from shared.web.auth.sessions import LIFETIME, close_session, open_session
from shared.web.pages.rendering import NOTE_PARAMETER, render
from shared.web.settings import WebSettings
from shared.web.words import refuse

ATTEMPT_SECONDS = 600


def login_routes(settings: WebSettings, identity: Authenticator) -> APIRouter:
    """/login, /auth/callback and /logout of one service."""
    router = APIRouter(include_in_schema=False)
    issuer = OidcIssuer(settings)
    attempt_cookie = f"{identity.cookie}_login"

    @router.get("/login")
    async def login(request: Request) -> Response:
        target = safe_redirect(request.query_params.get("next"))
        attempt = LoginAttempt.create(target)
        address = await issuer.authorize_url(attempt)
        if settings.officers is None:
            response: Response = RedirectResponse(address, 303)
        else:
            groups = group_by_role(local_officers(settings.officers))
            response = render(
                request, "login.html", address=address, groups=groups, is_resumed=_is_resumed(target)
            )
        _set_cookie(response, attempt_cookie, attempt.to_cookie(), settings, ATTEMPT_SECONDS)
        return response

    @router.get("/auth/callback")
    async def callback(request: Request) -> Response:
        attempt = LoginAttempt.parse(request.cookies.get(attempt_cookie, ""))
        code = request.query_params.get("code")
        if attempt is None or not code or request.query_params.get("state") != attempt.state:
            raise refuse("login_failed")
        officer = await issuer.exchange_code(code, attempt)
        secret = await open_session(identity.database, officer)
        response = RedirectResponse(safe_redirect(attempt.next), 303)
        response.delete_cookie(attempt_cookie)
        _set_cookie(response, identity.cookie, secret, settings, int(LIFETIME.total_seconds()))
        return response

    @router.post("/logout")
    async def logout(request: Request, _: Annotated[None, Depends(verify_csrf)]) -> Response:
        secret = request.cookies.get(identity.cookie)
        if secret:
            await close_session(identity.database, secret)
        target = safe_redirect(str((await request.form()).get("next") or ""))
        response = RedirectResponse(target, 303)
        response.delete_cookie(identity.cookie)
        return response

    return router


@cache
def local_officers(path: Path) -> list[dict[str, Any]]:
    """The sample officers of a local stack."""
    return json.loads(path.read_text("utf-8"))


def group_by_role(officers: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The officers grouped by role."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for officer in officers:
        groups[officer["post"]["role"]].append(officer)
    return groups


def _is_resumed(target: str) -> bool:
    """Whether the way leads back to a form that was sent after its session had ended."""
    return "session" in parse_qs(urlsplit(target).query).get(NOTE_PARAMETER, ())


def _set_cookie(response: Response, name: str, value: str, settings: WebSettings, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings.secure)
