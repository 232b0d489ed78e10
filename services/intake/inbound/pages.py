"""All pages of the door."""

from fastapi import APIRouter

from services.intake.inbound.asking_pages import withdrawal_pages
from services.intake.inbound.counter_asks import counter_form_routes
from services.intake.inbound.counter_pages import counter_pages
from services.intake.inbound.filing_pages import filing_pages
from services.intake.inbound.limits import LookupRateLimits
from services.intake.inbound.procedure_pages import procedure_pages
from services.intake.inbound.slip_page import slip_page
from services.intake.inbound.tokens import PageAccessTokens
from services.intake.inbound.track_pages import track_pages
from services.intake.inbound.work import IntakeBatcher
from shared.web.settings import WebSettings


def page_routes(work: IntakeBatcher, limits: LookupRateLimits, settings: WebSettings) -> APIRouter:
    """Citizens' pages and the counter's."""
    router = APIRouter(include_in_schema=False)
    tokens = PageAccessTokens(work.door.keys.token, settings.secure)
    router.include_router(procedure_pages(work.door))
    router.include_router(filing_pages(work, tokens))
    router.include_router(slip_page(work.door, tokens, settings.own_url))
    router.include_router(track_pages(work.door, limits, tokens))
    router.include_router(withdrawal_pages(work.door, limits, tokens))
    router.include_router(counter_pages(work))
    router.include_router(counter_form_routes(work))
    return router
