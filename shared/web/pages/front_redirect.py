"""The root address of a service whose front page is intake's."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from shared.web.settings import WebSettings


def front_redirect(settings: WebSettings) -> APIRouter:
    """Redirect / to the front page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def front() -> Response:
        return RedirectResponse(f"{settings.intake_url}/", 303)

    return router
