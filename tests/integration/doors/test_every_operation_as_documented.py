"""Every operation of the three OpenAPIs, asked rightly and wrongly: no crash, every answer documented.

schemathesis makes the requests from the schema itself; the seed is fixed. `MOTCUA_FUZZ=100` makes a run a
hundred times as long.
"""

import asyncio
import os
from dataclasses import replace
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI, HTTPException
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, CheckContext, GenerationMode, Response
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.effort import size
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration
SERVICES = ("intake", "routing", "notification")
EXAMPLES = size(3, 100) * int(os.environ.get("MOTCUA_FUZZ", "1"))
SEED = 20260306
HOLDERS = ("", "counter", "operator", "alpha", "city-police", "nobody")


def no_crash(_context: CheckContext, response: Response, _case: Case) -> None:
    """No 5xx but a 503, which the schema has to document."""
    assert response.status_code < 500 or response.status_code == 503, response.text


CHECKS: list[Any] = [
    no_crash,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def inside(doors: Doors) -> dict[str, str]:
    """What stands in a path: half of the time something that exists."""
    return {"code": doors.code, "task_id": str(doors.task), "id": "marriage"}


def ask(
    doors: Doors, service: str, case: Case, holder: str, loop: asyncio.AbstractEventLoop
) -> httpx.Response:
    """The request, byte for byte as schemathesis would send it, to the app in this process."""
    ready = requests.Request(**case.as_transport_kwargs(base_url=f"http://{service}")).prepare()
    headers: Any = dict(ready.headers) | ({"X-API-Key": doors.keys.get(holder, holder)} if holder else {})
    body: Any = ready.body
    sending = doors.clients[service].request(str(ready.method), str(ready.url), headers=headers, content=body)
    return asyncio.run_coroutine_threadsafe(sending, loop).result(20)


def all_of(operation: APIOperation, mode: GenerationMode, service: str, doors: Doors, loop: Any) -> None:
    """So many requests of one operation, rightly or wrongly made."""
    known = inside(doors)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(
        case=operation.as_strategy(generation_mode=mode), holder=st.sampled_from(HOLDERS), real=st.booleans()
    )
    def run(case: Case, holder: str, real: bool) -> None:
        if real:
            case.path_parameters = {k: known.get(k, v) for k, v in (case.path_parameters or {}).items()}
        case.validate_response(ask(doors, service, case, holder, loop), checks=CHECKS)

    run()


async def findings(doors: Doors, service: str) -> list[str]:
    """Every operation of this service with an answer that its schema does not name, or a crash."""
    schema = schemathesis.openapi.from_dict(doors.apps[service].openapi())
    loop, wrong = asyncio.get_running_loop(), list[str]()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # pyright: ignore[reportAttributeAccessIssue]  (an Err would fail here)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                await asyncio.to_thread(all_of, operation, mode, service, doors, loop)
            except Unsatisfiable:
                continue  # there is no wrong way to ask it
            except (Exception, BaseExceptionGroup) as failure:
                wrong.append(f"{operation.method} {operation.path} {mode}: {failure!r}")
    return wrong


@pytest.mark.parametrize("service", SERVICES)
async def test_every_answer_is_documented_and_none_is_a_crash(doors: Doors, service: str) -> None:
    assert await findings(doors, service) == []


async def test_a_crash_and_an_undocumented_answer_are_found(doors: Doors) -> None:
    app = FastAPI()

    @app.get("/tea")
    async def tea() -> None:
        raise HTTPException(418)

    @app.get("/crash")
    async def crash() -> None:
        raise ValueError

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        wrong = await findings(replace(doors, apps={"planted": app}, clients={"planted": client}), "planted")
    assert {finding.split(" ")[1] for finding in wrong} == {"/tea", "/crash"}
