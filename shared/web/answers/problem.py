"""Refusals as HTTP answers: problem+json (RFC 9457) for programs, a page for browsers."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shared.errors import FieldError, RefusalKind, Refused, RetryLater
from shared.web import refusals
from shared.web.pages.rendering import accepts_html, render

STATUS: dict[RefusalKind, int] = {
    RefusalKind.INVALID: 422,
    RefusalKind.UNAUTHENTICATED: 401,
    RefusalKind.FORBIDDEN: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.TOO_LARGE: 413,
    RefusalKind.BUSY: 503,
    RefusalKind.TOO_OFTEN: 429,
}
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "2"


def install_problems(app: FastAPI) -> None:
    """Install handlers that answer refusals as a page or as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RetryLater, _retry_later)


def problem_body(
    status: int, code: str, vi: str, en: str, errors: Sequence[FieldError] = ()
) -> dict[str, Any]:
    """The body of a problem: a sentence in both languages, and each invalid field with its remedy."""
    return {
        "type": f"urn:motcua:problem:{code}",
        "title": refusals.status_title(status),
        "status": status,
        "detail": en,
        "code": code,
        "vi": vi,
        "en": en,
        "errors": [_field_error(error) for error in errors],
    }


def problem_response(status: int, code: str, vi: str, en: str, errors: Sequence[FieldError] = ()) -> Response:
    """A problem as a response."""
    body = orjson.dumps(problem_body(status, code, vi, en, errors))
    response = Response(body, status, media_type=MEDIA_TYPE)
    if status == STATUS[RefusalKind.UNAUTHENTICATED]:
        response.headers["www-authenticate"] = "Bearer"
    if status == STATUS[RefusalKind.BUSY]:
        response.headers["retry-after"] = RETRY_SECONDS
    return response


def _field_error(error: FieldError) -> dict[str, Any]:
    body = asdict(error)
    if not error.candidates:
        del body["candidates"]
    return body


def answer_refusal(request: Request, status: int, refusal: Refused) -> Response:
    """A refusal as a page or as a problem, whichever the client prefers."""
    if accepts_html(request):
        response: Response = render(request, "problem.html", status=status, refusal=refusal, code=status)
    else:
        response = problem_response(status, refusal.code, refusal.vi, refusal.en, refusal.errors)
    if refusal.retry_after_seconds is not None:
        response.headers["retry-after"] = str(refusal.retry_after_seconds)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101  (the registry's own promise)
    return answer_refusal(request, STATUS[error.kind], error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = error.errors()
    if accepts_html(request) and all(detail["loc"][0] == "path" for detail in errors):
        return answer_refusal(request, 404, refusals.http_refusal(404))
    return answer_refusal(request, 422, refusals.invalid_request(errors))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    response = answer_refusal(request, error.status_code, refusals.http_refusal(error.status_code))
    response.headers.update(error.headers or {})
    return response


async def _retry_later(request: Request, error: Exception) -> Response:
    return answer_refusal(request, STATUS[RefusalKind.BUSY], refusals.http_refusal(503))
