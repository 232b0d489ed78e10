"""The front page, the list of procedures, and the page of each."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.domain.dossier.promise import format_first_limit
from services.intake.inbound.pages.form import Form, build_form, vietnamese_sort_key
from services.intake.inbound.pages.procedure_view import procedure_view
from services.intake.usecases.context import IntakeContext
from services.intake.words import refuse
from shared.actor import Actor
from shared.db.transaction import city_now, transaction
from shared.web.pages.rendering import render


def procedure_pages(context: IntakeContext) -> APIRouter:
    """/, /procedures, /procedures/{id}."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def show_front(request: Request) -> Response:
        return render(request, "front.html")

    @router.get("/procedures")
    async def list_procedures(request: Request) -> Response:
        catalogue = context.catalogue.current
        async with transaction(context.pool) as tx:
            today = (await city_now(tx)).date()
        procedures = list(catalogue.procedures(today))
        procedures.sort(key=lambda procedure: vietnamese_sort_key(procedure.short.vi))
        return render(request, "procedures.html", procedures=procedures, limit_words=format_first_limit)

    @router.get("/procedures/{id}")
    async def show_procedure(request: Request, id: str) -> Response:
        officer = await request.app.state.identity.by_session(request)
        form = await current_form(context, id, officer.actor if officer else None)
        procedure = form.procedure
        view = procedure_view(procedure, context.catalogue.current)
        return render(request, "procedure.html", procedure=procedure, view=view, form=form)

    return router


async def current_form(context: IntakeContext, id: str, actor: Actor | None) -> Form:
    """The form of the version in force today. Raises the refusal `no_such_procedure`."""
    async with transaction(context.pool) as tx:
        today = (await city_now(tx)).date()
    catalogue = context.catalogue.current
    try:
        procedure = catalogue.procedure(id, today)
    except KeyError:
        raise refuse("no_such_procedure") from None
    return build_form(procedure, catalogue, actor, today)
