"""The composition of a service's HTTP side: frame, problems, headers, identity, health."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI

from shared.web.answers.documented import document_problems
from shared.web.answers.health import Check, health_routes
from shared.web.answers.problem import install_problems
from shared.web.auth.identity import Authenticator, Identify, ListCounters, no_counters
from shared.web.auth.login import login_routes
from shared.web.auth.refused_forms import install_refused_forms
from shared.web.auth.sessions import Queryable
from shared.web.drafts.draft_keeping import DraftMiddleware, keep_what_was_typed
from shared.web.drafts.draft_routes import router as draft_routes
from shared.web.drafts.draft_store import DraftStore
from shared.web.pages.rendering import TemplateRenderer
from shared.web.pages.static import router as static_routes
from shared.web.protection.body_reading import BodyReadingMiddleware
from shared.web.protection.bounded_connection import ConnectionLimits
from shared.web.protection.load_shedding import LoadShedder, LoadSheddingMiddleware
from shared.web.protection.request_limits import RequestLimits
from shared.web.protection.request_queue import Limits
from shared.web.protection.retry_later import install_retry_later
from shared.web.protection.security_headers import SecurityHeadersMiddleware
from shared.web.settings import WebSettings
from shared.words.product import PRODUCT


def create_app(
    settings: WebSettings,
    database: Queryable,
    identify: Identify,
    *,
    templates: Path,
    routes: Sequence[APIRouter] = (),
    ready: Mapping[str, Check],
    notes: Mapping[str, Check] | None = None,
    closed: Callable[[], str | None] = lambda: None,
    list_counters: ListCounters = no_counters,
    title: str = PRODUCT,
) -> FastAPI:
    """A FastAPI app with everything that services share. `routes` are matched before the common ones.

    `app.state.closing` is set when the process stops, and ends open live pages. The HTTP server itself asks
    `app.state.load_shedder` while the service is overloaded, keeps to `app.state.connection_limits`, and
    believes `app.state.trusted_proxies` about the caller's address.
    """
    app = FastAPI(title=title, docs_url=None, redoc_url=None, dependencies=[Depends(keep_what_was_typed)])
    app.state.frame = TemplateRenderer(settings, [templates])
    app.state.identity = identity = Authenticator(settings, database, identify, list_counters)
    app.state.drafts = drafts = DraftStore(database)
    app.state.closing = asyncio.Event()
    app.state.trusted_proxies = settings.trusted_proxy_names
    app.state.connection_limits = ConnectionLimits(settings.head_seconds)
    install_problems(app)
    document_problems(app)
    install_retry_later(app)
    install_refused_forms(app)
    limits = Limits(settings.queue_places, settings.queue_seconds)
    app.state.load_shedder = load_shedder = LoadShedder(limits, identity, closed)
    # The last one added is the first to see a request: a place is taken once the body has arrived.
    app.add_middleware(DraftMiddleware, store=drafts, settings=settings)
    app.add_middleware(LoadSheddingMiddleware, load_shedder=load_shedder)
    app.add_middleware(BodyReadingMiddleware, routes=app.routes, body_seconds=settings.body_seconds)
    app.add_middleware(RequestLimits)
    app.add_middleware(SecurityHeadersMiddleware, settings=settings)
    for router in routes:
        app.include_router(router)
    app.include_router(static_routes)
    app.include_router(draft_routes)
    app.include_router(health_routes(ready=ready, notes=notes))
    if settings.oidc_issuer:
        app.include_router(login_routes(settings, identity))
    return app
