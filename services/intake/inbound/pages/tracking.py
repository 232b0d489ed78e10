"""Pages of tracking: the form for code and secret, and the status of the dossier."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.domain.acts.requests import holder_acts
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.page_tokens import TRACK, PageAccessTokens
from services.intake.inbound.pages.papers_view import checklist_rows
from services.intake.inbound.pages.tracking_view import tracking_view
from services.intake.inbound.pages.withdrawal import act_slug
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.show_case import (
    TrackedDossier,
    decrypt_applicant,
    show_by_id,
    track_by_code,
    track_by_link,
)
from shared.errors import RefusalKind, Refused
from shared.events.agency import WITHOUT_NUL
from shared.typed_input.dossier_code import normalize_code
from shared.web.pages.rendering import render

FormText = Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)]


def track_pages(context: IntakeContext, limits: LookupRateLimits, tokens: PageAccessTokens) -> APIRouter:
    """/track and /t/{ref}."""
    router = APIRouter(include_in_schema=False)

    @router.get("/track")
    async def ask_or_show(
        request: Request,
        new: bool = False,
        requested: Annotated[str, Query(alias="asked", max_length=80)] = "",
    ) -> Response:
        if new:
            response = _ask(request)
            response.delete_cookie(TRACK)
            return response
        dossier_id = tokens.verify(request, TRACK)
        tracked = await show_by_id(context, dossier_id) if dossier_id else None
        if tracked is None:
            return _ask(request)
        return await _show(request, context, tracked, requested)

    @router.get("/t/{ref}")
    async def ask_for_secret(request: Request, ref: str) -> Response:
        """The page looks the same for a known and an unknown reference: a reference alone proves nothing."""
        return _ask(request, ref=ref[:20])

    @router.post("/t/{ref}")
    async def look_by_link(request: Request, ref: str, secret: FormText = "") -> Response:
        return await find(request, secret=secret, ref=ref[:20])

    @router.post("/track")
    async def look(
        request: Request, secret: FormText = "", code: FormText = "", ref: FormText = ""
    ) -> Response:
        return await find(request, secret=secret, code=code, ref=ref)

    async def find(request: Request, *, secret: str, code: str = "", ref: str = "") -> Response:
        name = normalize_code(code or ref)
        try:
            async with limits.count_failed_lookup(request, name):
                if ref:
                    tracked = await track_by_link(context, ref, secret)
                else:
                    tracked = await track_by_code(context, name, secret)
        except Refused as refused:
            if refused.kind is not RefusalKind.NOT_FOUND:
                raise
            return _ask(request, ref=ref, code=code, refused=refused)
        response = await _show(request, context, tracked)
        tokens.issue(response, TRACK, tracked.dossier.id)
        return response

    @router.post("/track/close")
    async def close() -> Response:
        """Forget the dossier, on a computer that others use too."""
        response = RedirectResponse("/track?new=true", 303)
        response.delete_cookie(TRACK)
        return response

    return router


async def _show(
    request: Request, context: IntakeContext, tracked: TrackedDossier, requested: str = ""
) -> Response:
    person = await decrypt_applicant(context, tracked.dossier)
    reason_text = person.refusal_text if person else None
    view = tracking_view(tracked, reason_text, context.catalogue.current)
    papers = checklist_rows(view.dossier, view.procedure, context.catalogue.current, tracked.now.date())
    act = holder_acts(tracked.standing.state)
    return render(
        request,
        "tracking.html",
        view=view,
        papers=papers,
        may=act_slug(act) if act else None,
        requested=requested,
    )


def _ask(request: Request, *, ref: str = "", code: str = "", refused: Refused | None = None) -> Response:
    status = 404 if refused else 200
    return render(request, "track.html", status=status, ref=ref, code=code, refused=refused)
