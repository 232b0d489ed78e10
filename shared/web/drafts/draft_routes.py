"""The addresses that keep what was typed so far, and forget it."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.web.auth.identity import acting_login, require_same_actor, safe_redirect
from shared.web.drafts.draft_keeping import CLEAR_PATH, DRAFT_COOKIE, KEEP_PATH
from shared.web.drafts.draft_store import DraftOwner, DraftStore
from shared.web.pages.form_draft import ACTING_FIELD, ACTION_FIELD, PAGE_FIELD
from shared.web.pages.rendering import SWITCHES, accepts_html

router = APIRouter(include_in_schema=False)


@router.post(KEEP_PATH)
async def keep(request: Request) -> Response:
    """Keep a form that is not sent yet: the switches of language and colours, and the script while typing.

    `keep_what_was_typed` has saved it already, if it was small enough and of this service.
    """
    request.state.is_kept = True
    await require_same_actor(request)
    if not accepts_html(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    page = safe_redirect(str((await request.form()).get(PAGE_FIELD) or ""))
    chosen = urlencode(
        {name: request.query_params[name] for name in SWITCHES if name in request.query_params}
    )
    return RedirectResponse(page + ("&" if "?" in page else "?") + chosen, HTTPStatus.SEE_OTHER)


@router.post(CLEAR_PATH)
async def clear(request: Request) -> Response:
    """Forget the draft of one form, or all that this person typed in this browser."""
    form = await request.form()
    secret = request.cookies.get(DRAFT_COOKIE)
    store: DraftStore = request.app.state.drafts
    if secret:
        action = form.get(ACTION_FIELD)
        for login in {acting_login(request), str(form.get(ACTING_FIELD) or "")}:
            owner = DraftOwner.derive(secret, login)
            await (store.delete(owner, str(action)) if action else store.delete_all(owner))
    return RedirectResponse(safe_redirect(str(form.get(PAGE_FIELD) or "")), HTTPStatus.SEE_OTHER)
