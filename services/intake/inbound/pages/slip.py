"""The slip to print after filing: code, secret, and a QR code with the address of the tracking page."""

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from services.intake.domain.dossier.secret import format_secret
from services.intake.inbound.page_tokens import SLIP, PageAccessTokens
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.show_case import decrypt_applicant, show_by_id
from shared.web.pages.rendering import render


def slip_page(context: IntakeContext, tokens: PageAccessTokens, own_url: str) -> APIRouter:
    """/slip, for the browser that has just filed."""
    router = APIRouter(include_in_schema=False)

    @router.get("/slip")
    async def slip(request: Request) -> Response:
        dossier_id = tokens.verify(request, SLIP)
        tracked = await show_by_id(context, dossier_id) if dossier_id else None
        person = await decrypt_applicant(context, tracked.dossier) if tracked else None
        if tracked is None or person is None:
            return RedirectResponse("/track", 303)
        dossier, catalogue = tracked.dossier, context.catalogue.current
        return render(
            request,
            "slip.html",
            dossier=dossier,
            person=person,
            secret=format_secret(person.secret),
            qr=qr_svg(f"{own_url}/t/{dossier.link_ref}"),
            procedure=catalogue.procedure_version(dossier.procedure, dossier.version),
            office=catalogue.office(dossier.receiving_office),
            catalogue=catalogue,
            now=tracked.now,
        )

    return router


def qr_svg(address: str) -> Markup:
    """A QR code of an address as SVG, dark on light in both colour schemes."""
    return Markup(segno.make(address, error="m").svg_inline(scale=4, border=3, light="#fff", dark="#000"))  # noqa: S704  (segno's own drawing)
