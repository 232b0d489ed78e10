"""Pages on which the holder of the slip withdraws the dossier, or cancels the withdrawal."""

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

FormText = Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)]
ACTS: Mapping[str, type[RequestWithdrawal] | type[CancelWithdrawal]] = {
    "withdraw": RequestWithdrawal,
    "keep": CancelWithdrawal,
}


def act_slug(act: type[RequestWithdrawal] | type[CancelWithdrawal]) -> str:
    """The act's name in addresses."""
    return next(name for name, candidate in ACTS.items() if candidate is act)


def withdrawal_pages(context: IntakeContext, limits: LookupRateLimits, tokens: PageAccessTokens) -> APIRouter:
    """/track/withdraw and /track/keep: an explanation, the secret of the slip again, one button."""
    router = APIRouter(include_in_schema=False)

    async def show_confirmation(request: Request, name: str) -> Response:
        tracked = await _tracked_dossier(request)
        if tracked is None or holder_acts(tracked.standing.state) is not ACTS[name]:
            return RedirectResponse("/track", 303)
        return _page(request, name, tracked, key=uuid4())

    async def submit(request: Request, name: str, key: str, secret: str) -> Response:
        tracked = await _tracked_dossier(request)
        if tracked is None:
            return RedirectResponse("/track", 303)
        dossier_request = DossierRequest(
            key=form_idempotency_key(key),
            code=tracked.dossier.code,
            act=ACTS[name](),
            secret=secret,
            traceparent=request_traceparent(request),
        )
        try:
            async with limits.count_failed_lookup(request, tracked.dossier.code):
                await submit_request(context, dossier_request)
        except Refused as refusal:
            return _page(request, name, tracked, key=dossier_request.key, refusal=refusal)
        return RedirectResponse(f"/track?asked={name}", 303)

    async def _tracked_dossier(request: Request) -> TrackedDossier | None:
        dossier_id = tokens.verify(request, TRACK)
        if dossier_id is None:
            return None
        return await show_by_id(context, dossier_id)

    @router.get("/track/withdraw")
    async def before_withdrawing(request: Request) -> Response:
        return await show_confirmation(request, "withdraw")

    @router.get("/track/keep")
    async def before_keeping(request: Request) -> Response:
        return await show_confirmation(request, "keep")

    @router.post("/track/withdraw", dependencies=[Depends(verify_csrf)])
    async def withdraw(request: Request, key: FormText = "", secret: FormText = "") -> Response:
        return await submit(request, "withdraw", key, secret)

    @router.post("/track/keep", dependencies=[Depends(verify_csrf)])
    async def keep(request: Request, key: FormText = "", secret: FormText = "") -> Response:
        return await submit(request, "keep", key, secret)

    return router


def _page(
    request: Request, name: str, tracked: TrackedDossier, *, key: UUID, refusal: Refused | None = None
) -> Response:
    errors: list[FieldError] = []
    status = 200
    if refusal is not None:
        errors.append(_secret_error(refusal))
        status = STATUS[refusal.kind]
    return render(request, "track_ask.html", status=status, name=name, shown=tracked, key=key, errors=errors)


def _secret_error(refusal: Refused) -> FieldError:
    """The code is known to exist here, so a lookup that finds nothing means a wrong secret."""
    if refusal.kind is not RefusalKind.NOT_FOUND:
        return FieldError("secret", refusal.code, refusal.vi, refusal.en)
    return field_error("secret", "wrong_secret")
