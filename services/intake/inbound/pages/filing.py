"""Pages of filing: the form, and the form again with its errors."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake.inbound.api.body import parse_submission
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.page_tokens import SLIP, TRACK, PageAccessTokens
from services.intake.inbound.pages.choices import channel_choices, delivery_choices, refusal_choices
from services.intake.inbound.pages.form import (
    Form,
    error_summary,
    errors_by_form_field,
    field_labels,
    form_to_body,
    previous_values,
    submitted_values,
)
from services.intake.inbound.pages.procedures import current_form
from services.intake.inbound.request_reading import form_idempotency_key, request_traceparent
from services.intake.usecases.show_case import decrypt_applicant, show_by_id
from services.intake.usecases.submission_request import SubmissionRequest
from shared.actor import Actor
from shared.errors import RefusalKind, Refused
from shared.web.answers.problem import STATUS
from shared.web.auth.identity import optional_actor
from shared.web.pages.rendering import render
from shared.web.protection.caller_address import caller_address

NEEDS_CONFIRMATION = "needs_confirmation"
Anyone = Annotated[Actor | None, Depends(optional_actor)]


def filing_pages(batcher: IntakeBatcher, tokens: PageAccessTokens) -> APIRouter:
    """/file/{id} and /file/{id}/again."""
    router = APIRouter(include_in_schema=False)
    context = batcher.context

    @router.get("/file/{id}")
    async def show_form(request: Request, id: str, actor: Anyone) -> Response:
        form = await current_form(context, id, actor)
        return _render_form(request, form, {}, context.catalogue.current)

    @router.get("/file/{id}/again")
    async def redirect_to_form(request: Request, id: str) -> Response:
        """GET on the address of a form: the language switch comes back to it."""
        return RedirectResponse(f"/file/{quote(id)}?{request.url.query}", 303)

    @router.post("/file/{id}/again")
    async def show_filled_form(request: Request, id: str, actor: Anyone) -> Response:
        """The form filled in with an earlier dossier, which the browser unlocked on the tracking page."""
        form = await current_form(context, id, actor)
        dossier_id = tokens.verify(request, TRACK)
        tracked = await show_by_id(context, dossier_id) if dossier_id else None
        person = await decrypt_applicant(context, tracked.dossier) if tracked else None
        if tracked is None or person is None or tracked.dossier.procedure != id:
            return RedirectResponse("/track", 303)
        dossier = tracked.dossier
        values = previous_values(person, dossier.place, dossier.delivery, dossier.filed_by)
        return _render_form(request, form, values, context.catalogue.current, again=True)

    @router.post("/file/{id}")
    async def submit_form(request: Request, id: str, actor: Anyone) -> Response:
        form = await current_form(context, id, actor)
        typed = await request.form()
        raw, names = form_to_body(form, typed)
        submission, parse_errors = parse_submission(raw)
        mac = context.keys.body_mac(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS))
        submission_request = SubmissionRequest(
            key=form_idempotency_key(typed.get("key")),
            body_mac=mac,
            submission=submission,
            parse_errors=parse_errors,
            actor=actor,
            traceparent=request_traceparent(request),
            address=caller_address(request.scope),
        )
        try:
            receipt = await batcher.filings.submit(submission_request)
        except Refused as refused:
            return _render_refused_form(
                request, form, typed=typed, refused=refused, names=names, catalogue=context.catalogue.current
            )
        response = RedirectResponse("/slip", 303)
        tokens.issue(response, SLIP, receipt.dossier_id)
        return response

    return router


def _render_form(
    request: Request, form: Form, values: dict[str, Any], catalogue: Any, **context: Any
) -> Response:
    values_shown = {
        "errors": [],
        "again": False,
        "status": 200,
        "key": str(uuid4()),
        "note": None,
        "confirmed": [],
    } | context
    values_shown["summary"] = error_summary(values_shown["errors"], form)
    return render(
        request,
        "file.html",
        form=form,
        labels=field_labels(form),
        values=values,
        catalogue=catalogue,
        channels=channel_choices(form.channels, catalogue),
        deliveries=delivery_choices(form.procedure, catalogue),
        reasons=refusal_choices(catalogue),
        **values_shown,
    )


def _render_refused_form(
    request: Request,
    form: Form,
    *,
    typed: FormData,
    refused: Refused,
    names: dict[str, str],
    catalogue: Any,
) -> Response:
    """The form again with its errors and everything that was typed; a new key if the old one was used."""
    context: dict[str, Any] = {"errors": errors_by_form_field(refused.errors, names, form), "status": 422}
    if not refused.errors:
        context["note"] = refused
    if refused.code == NEEDS_CONFIRMATION:
        context |= {"note": refused, "status": 409, "confirmed": typed.getlist("confirmed")}
    if refused.kind is RefusalKind.TOO_OFTEN:
        context |= {"note": refused, "status": STATUS[refused.kind]}
    if refused.code != "key_used":
        context["key"] = str(form_idempotency_key(typed.get("key")))
    response = _render_form(request, form, submitted_values(typed), catalogue, **context)
    if refused.retry_after_seconds is not None:
        response.headers["retry-after"] = str(refused.retry_after_seconds)
    return response
