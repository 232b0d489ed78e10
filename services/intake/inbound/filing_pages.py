"""Filing on a page: the form, and what is wrong at its fields."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake.inbound.body import read_body
from services.intake.inbound.form import (
    Form,
    at_the_form,
    body_of,
    labels_of,
    summary_of,
    typed_values,
    values_of,
)
from services.intake.inbound.procedure_pages import form_today
from services.intake.inbound.requests import form_key, trace
from services.intake.inbound.tokens import SLIP, TRACK, Tokens
from services.intake.inbound.work import DoorWork
from services.intake.usecases.filing import Filing
from services.intake.usecases.show_case import person_of, show_by_id
from shared.actor import Actor
from shared.errors import Refused
from shared.web.frame import render
from shared.web.identity import anyone

NEEDS_CONFIRMATION = "needs_confirmation"
Anyone = Annotated[Actor | None, Depends(anyone)]


def filing_pages(work: DoorWork, tokens: Tokens) -> APIRouter:
    """/file/{id} and /file/{id}/again."""
    router = APIRouter(include_in_schema=False)
    door = work.door

    @router.get("/file/{id}")
    async def empty(request: Request, id: str, actor: Anyone) -> Response:
        form = await form_today(door, id, actor)
        return _form(request, form, {}, door.catalogue.current)

    @router.get("/file/{id}/again")
    async def anew(request: Request, id: str) -> Response:
        """Where the form of a second try was asked for is an address too, for the language switch."""
        return RedirectResponse(f"/file/{quote(id)}?{request.url.query}", 303)

    @router.post("/file/{id}/again")
    async def again(request: Request, id: str, actor: Anyone) -> Response:
        """The form with what was given before; whose it was, the browser proved on the tracking page."""
        form = await form_today(door, id, actor)
        dossier_id = tokens.read(request, TRACK)
        shown = await show_by_id(door, dossier_id) if dossier_id else None
        person = await person_of(door, shown.dossier) if shown else None
        if shown is None or person is None or shown.dossier.procedure != id:
            return RedirectResponse("/track", 303)
        before = shown.dossier
        values = values_of(person, before.place, before.delivery, before.filed_by)
        return _form(request, form, values, door.catalogue.current, again=True)

    @router.post("/file/{id}")
    async def submitted(request: Request, id: str, actor: Anyone) -> Response:
        form = await form_today(door, id, actor)
        typed = await request.form()
        raw, names = body_of(form, typed)
        said, unread = read_body(raw)
        mac = door.keys.body_mac(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS))
        filing = Filing(form_key(typed.get("key")), mac, said, unread, actor, trace(request))
        try:
            filed = await work.filings.submit(filing)
        except Refused as refused:
            return _mend(request, form, typed, refused, names, door.catalogue.current)
        response = RedirectResponse("/slip", 303)
        tokens.give(response, SLIP, filed.dossier_id)
        return response

    return router


def _form(request: Request, form: Form, values: dict[str, Any], catalogue: Any, **context: Any) -> Response:
    known = {
        "errors": [],
        "again": False,
        "status": 200,
        "key": str(uuid4()),
        "note": None,
        "confirmed": [],
    } | context
    known["summary"] = summary_of(known["errors"], form)
    labels = labels_of(form)
    return render(request, "file.html", form=form, labels=labels, values=values, catalogue=catalogue, **known)


def _mend(  # noqa: PLR0917
    request: Request, form: Form, typed: FormData, refused: Refused, names: dict[str, str], catalogue: Any
) -> Response:
    """The same form with what was typed; the same key too, unless it was used up."""
    context: dict[str, Any] = {"errors": at_the_form(refused.errors, names, form), "status": 422}
    if not refused.errors:
        context["note"] = refused
    if refused.code == NEEDS_CONFIRMATION:
        context |= {"note": refused, "status": 409, "confirmed": typed.getlist("confirmed")}
    if refused.code != "key_used":
        context["key"] = str(form_key(typed.get("key")))
    return _form(request, form, typed_values(typed), catalogue, **context)
