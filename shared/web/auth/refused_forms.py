"""Forms that are refused for who sent them, or when: nothing is done, and what was typed is kept."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from shared.web.answers.problem import answer_refusal
from shared.web.auth.identity import (
    ActorChanged,
    LoginRequired,
    StaleForm,
    acting_login,
    filled_form_page,
    is_form,
    redirect_to_login,
)
from shared.web.pages.rendering import accepts_html, render
from shared.web.words import refuse

FORBIDDEN, CONFLICT = 403, 409


def install_refused_forms(app: FastAPI) -> None:
    """Install the handlers of LoginRequired, StaleForm and ActorChanged."""
    app.add_exception_handler(LoginRequired, redirect_to_login)
    app.add_exception_handler(StaleForm, _answer_stale_form)
    app.add_exception_handler(ActorChanged, _answer_actor_change)


async def _answer_stale_form(request: Request, _error: Exception) -> Response:
    """The form again with a fresh token and what was typed; a refusal if it was not kept."""
    request.state.is_kept = True
    if _wants_page(request) and hasattr(request.state, "sent_draft"):
        return RedirectResponse(await filled_form_page(request, "stale"), 303)
    return answer_refusal(request, FORBIDDEN, refuse("csrf"))


async def _answer_actor_change(request: Request, error: Exception) -> Response:
    """The login, if nobody is logged in any more; else a page that says who is, and leads back."""
    assert isinstance(error, ActorChanged)  # noqa: S101  (the registry's own promise)
    request.state.is_kept = True
    acting = acting_login(request)
    if not _wants_page(request):
        return answer_refusal(request, CONFLICT, refuse("actor_changed"))
    if not acting:
        return await redirect_to_login(request, error)
    back = await filled_form_page(request, "session")
    return render(
        request,
        "actor_changed.html",
        status=CONFLICT,
        drawn_for=error.drawn_for,
        acting=acting,
        back=back,
    )


def _wants_page(request: Request) -> bool:
    """Whether to answer with a page: to browsers, and to any form but a script's."""
    is_script = "application/json" in request.headers.get("accept", "")
    return accepts_html(request) or (is_form(request) and not is_script)
