"""The slip to print after filing: the code, the secret, and a picture that leads to the tracking page."""

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from services.intake.domain.secret import show_secret
from services.intake.inbound.tokens import SLIP, Tokens
from services.intake.usecases.door import Door
from services.intake.usecases.show_case import person_of, show_by_id
from shared.web.frame import render


def slip_page(door: Door, tokens: Tokens, own_url: str) -> APIRouter:
    """/slip, for whoever has just filed."""
    router = APIRouter(include_in_schema=False)

    @router.get("/slip")
    async def slip(request: Request) -> Response:
        dossier_id = tokens.read(request, SLIP)
        shown = await show_by_id(door, dossier_id) if dossier_id else None
        person = await person_of(door, shown.dossier) if shown else None
        if shown is None or person is None:
            return RedirectResponse("/track", 303)
        dossier, catalogue = shown.dossier, door.catalogue.current
        return render(
            request,
            "slip.html",
            dossier=dossier,
            person=person,
            secret=show_secret(person.secret),
            qr=qr_picture(f"{own_url}/t/{dossier.link_ref}"),
            procedure=catalogue.procedure_version(dossier.procedure, dossier.version),
            office=catalogue.office(dossier.receiving_office),
            catalogue=catalogue,
            now=shown.now,
        )

    return router


def qr_picture(address: str) -> Markup:
    """A picture that leads to the tracking page; it holds no secret. Dark on light in either light."""
    return Markup(segno.make(address, error="m").svg_inline(scale=4, border=3, light="#fff", dark="#000"))  # noqa: S704  (segno's own drawing)
