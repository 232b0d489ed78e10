"""/health/live, /health/ready (by progress, not by ping) and /metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.observability.metrics import REGISTRY

Check = Callable[[], Awaitable[str | None]]
"""A check: None if all is well, else one sentence about the problem."""

CHECK_SECONDS = 3.0
UNHEALTHY_RESPONSE: dict[int | str, dict[str, Any]] = {
    503: {"description": "Not well: `checks` names what is missing.", "content": {"application/json": {}}}
}


def health_routes(
    *,
    ready: Mapping[str, Check],
    notes: Mapping[str, Check] | None = None,
) -> APIRouter:
    """Routes for health and metrics. `ready`: checks by name that must pass before work.

    `notes`: checks whose problems are reported without making the service unready.
    """
    router = APIRouter(tags=["health"])

    @router.get("/health/live", responses=UNHEALTHY_RESPONSE)
    async def live() -> JSONResponse:
        return await _answer({})

    @router.get("/health/ready", responses=UNHEALTHY_RESPONSE)
    async def is_ready() -> JSONResponse:
        return await _answer(ready, notes)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(REGISTRY), headers={"content-type": CONTENT_TYPE_LATEST})

    return router


async def _answer(checks: Mapping[str, Check], notes: Mapping[str, Check] | None = None) -> JSONResponse:
    answers = await _ask_all(checks)
    is_healthy = not any(answers.values())
    body: dict[str, Any] = {
        "ok": is_healthy,
        "checks": {name: problem or "ok" for name, problem in answers.items()},
    }
    remarks = {name: remark for name, remark in (await _ask_all(notes or {})).items() if remark}
    if remarks:
        body["notes"] = remarks
    return JSONResponse(body, 200 if is_healthy else 503)


async def _ask_all(checks: Mapping[str, Check]) -> dict[str, str | None]:
    answers = await asyncio.gather(*(_ask(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return "no answer in time"
    except Exception as error:
        return type(error).__name__
