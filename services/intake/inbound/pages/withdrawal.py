"""What the holder of the slip asks for on the tracking page: withdraw, or keep after all; without scripts."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.acts.requests import CancelWithdrawal, RequestWithdrawal, holder_acts
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.page_tokens import TRACK, PageAccessTokens
from services.intake.inbound.request_reading import form_idempotency_key, request_traceparent
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.show_case import TrackedDossier, show_by_id
from services.intake.usecases.submit_request import DossierRequest, submit_request
from services.intake.words import field_error
from shared.errors import FieldError, RefusalKind, Refused
from shared.events.agency import WITHOUT_NUL
from shared.web.answers.problem import STATUS
from shared.web.auth.identity import verify_csrf
from shared.web.pages.rendering import render

Typed = Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)]
ACTS: Mapping[str, type[RequestWithdrawal] | type[CancelWithdrawal]] = {
    "withdraw": RequestWithdrawal,
    "keep": CancelWithdrawal,
}


def act_slug(act: type[RequestWithdrawal] | type[CancelWithdrawal]) -> str:
    """The act as addresses spell it."""
    return next(name for name, known in ACTS.items() if known is act)


def withdrawal_pages(door: IntakeContext, limits: LookupRateLimits, tokens: PageAccessTokens) -> APIRouter:
    """/track/withdraw and /track/keep: what it means, the secret of the slip once more, one button."""
    router = APIRouter(include_in_schema=False)

    async def confirm(request: Request, name: str) -> Response:
        shown = await _shown(request)
        if shown is None or holder_acts(shown.standing.state) is not ACTS[name]:
            return RedirectResponse("/track", 303)
        return _page(request, name, shown, uuid4())

    async def do(request: Request, name: str, key: str, secret: str) -> Response:
        shown = await _shown(request)
        if shown is None:
            return RedirectResponse("/track", 303)
        asking = DossierRequest(
            form_idempotency_key(key),
            shown.dossier.code,
            ACTS[name](),
            secret=secret,
            traceparent=request_traceparent(request),
        )
        try:
            with limits.count_failed_lookup(request, shown.dossier.code):
                await submit_request(door, asking)
        except Refused as why:
            return _page(request, name, shown, asking.key, why)
        return RedirectResponse(f"/track?asked={name}", 303)

    async def _shown(request: Request) -> TrackedDossier | None:
        dossier_id = tokens.verify(request, TRACK)
        return await show_by_id(door, dossier_id) if dossier_id else None

    @router.get("/track/withdraw")
    async def before_withdrawing(request: Request) -> Response:
        return await confirm(request, "withdraw")

    @router.get("/track/keep")
    async def before_keeping(request: Request) -> Response:
        return await confirm(request, "keep")

    @router.post("/track/withdraw", dependencies=[Depends(verify_csrf)])
    async def withdraw(request: Request, key: Typed = "", secret: Typed = "") -> Response:
        return await do(request, "withdraw", key, secret)

    @router.post("/track/keep", dependencies=[Depends(verify_csrf)])
    async def keep(request: Request, key: Typed = "", secret: Typed = "") -> Response:
        return await do(request, "keep", key, secret)

    return router


def _page(
    request: Request, name: str, shown: TrackedDossier, key: UUID, why: Refused | None = None
) -> Response:
    errors = [_at_the_secret(why)] if why else []
    status = STATUS[why.kind] if why else 200
    return render(request, "track_ask.html", status=status, name=name, shown=shown, key=key, errors=errors)


def _at_the_secret(why: Refused) -> FieldError:
    """The code is known here, so what was not found is the secret; all else is said in its own words."""
    if why.kind is not RefusalKind.NOT_FOUND:
        return FieldError("secret", why.code, why.vi, why.en)
    return field_error("secret", "wrong_secret")
