"""The counter's page before acceptance: form 02 for all that lacks, then form 05 for what was withdrawn."""

import re

import httpx
import pytest
from fastapi import FastAPI

from services.intake.usecases.door import Door
from tests.builders.intake import MARRIAGE, body, filed, filing

pytestmark = pytest.mark.integration


async def act(http: httpx.AsyncClient, code: str, what: str, key: str, **typed: str) -> httpx.Response:
    page = await http.get(f"/counter/{code}", headers={"X-API-Key": key, "accept": "text/html"})
    assert page.status_code == 200
    assert f"/record/{what}" in page.text
    fields = dict(re.findall(r'name="(_?csrf|key)" value="([^"]+)"', page.text))
    return await http.post(f"/counter/{code}/record/{what}", data=fields | typed, headers={"X-API-Key": key})


async def test_papers_are_asked_for_and_a_withdrawn_dossier_is_stopped(
    app: FastAPI, http: httpx.AsyncClient, door: Door, key: dict[str, str]
) -> None:
    (one,) = await filed(door, filing(body(MARRIAGE)))
    asked = await act(http, one.code, "ask-supplement", key["counter"], answer_by="2026-03-20")
    assert asked.status_code == 303, asked.text
    headers = {"Idempotency-Key": "0198e7c2-0000-7000-8000-000000000001"}
    gone = await http.post(f"/v1/dossiers/{one.code}/withdraw", json={"secret": one.secret}, headers=headers)
    assert gone.status_code == 202
    stopped = await act(http, one.code, "stop", key["counter"])
    assert stopped.status_code == 303, stopped.text
    page = await http.get(
        f"/counter/{one.code}", headers={"X-API-Key": key["counter"], "accept": "text/html"}
    )
    assert "người dân xin rút" in page.text
