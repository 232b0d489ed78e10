"""All pages of intake."""

from fastapi import APIRouter

from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.page_tokens import PageAccessTokens
from services.intake.inbound.pages.counter import counter_pages
from services.intake.inbound.pages.counter_forms import counter_form_routes
from services.intake.inbound.pages.filing import filing_pages
from services.intake.inbound.pages.procedures import procedure_pages
from services.intake.inbound.pages.slip import slip_page
from services.intake.inbound.pages.tracking import track_pages
from services.intake.inbound.pages.withdrawal import withdrawal_pages
from shared.web.settings import WebSettings


def page_routes(batcher: IntakeBatcher, limits: LookupRateLimits, settings: WebSettings) -> APIRouter:
    """The routes of the citizens' and the counter's pages."""
    router = APIRouter(include_in_schema=False)
    tokens = PageAccessTokens(batcher.context.keys.token, settings.secure)
    router.include_router(procedure_pages(batcher.context))
    router.include_router(filing_pages(batcher, tokens))
    router.include_router(slip_page(batcher.context, tokens, settings.own_url))
    router.include_router(track_pages(batcher.context, limits, tokens))
    router.include_router(withdrawal_pages(batcher.context, limits, tokens))
    router.include_router(counter_pages(batcher))
    router.include_router(counter_form_routes(batcher))
    return router
