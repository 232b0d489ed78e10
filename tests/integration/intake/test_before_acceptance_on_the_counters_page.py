"""The counter's page before acceptance: form 02 for all that lacks, then form 05 for what was withdrawn."""

import re

import httpx
import pytest
from fastapi import FastAPI

from services.intake.usecases.context import IntakeContext
from tests.builders.intake import MARRIAGE, body, file_dossiers, filing

pytestmark = pytest.mark.integration


async def act(http: httpx.AsyncClient, code: str, what: str, key: str, **typed: str) -> httpx.Response:
    page = await http.get(f"/counter/{code}", headers={"X-API-Key": key, "accept": "text/html"})
    assert page.status_code == 200
    assert f"/record/{what}" in page.text
    fields = dict(re.findall(r'name="(_?csrf|key)" value="([^"]+)"', page.text))
    return await http.post(f"/counter/{code}/record/{what}", data=fields | typed, headers={"X-API-Key": key})


async def test_papers_are_named_as_their_list_names_them_and_recorded_when_they_come(
    app: FastAPI, http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str]
) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    before = await http.get(
        f"/counter/{one.code}", headers={"X-API-Key": key["counter"], "accept": "text/html"}
    )
    assert "còn thiếu: Giấy xác nhận tình trạng hôn nhân" in before.text
    await act(http, one.code, "ask-supplement", key["counter"], answer_by="2026-03-20")
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "<li>Giấy xác nhận tình trạng hôn nhân" in page
    assert "XN-HONNHAN" not in page
    brought = await act(http, one.code, "supplement", key["counter"], items="XN-HONNHAN")
    assert brought.status_code == 303, brought.text
    assert "Hồ sơ của bạn đang chờ" in (await http.get("/track")).text


async def test_the_address_of_a_form_that_was_wrong_leads_back_to_its_dossier(
    app: FastAPI, http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str]
) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    wrong = await act(http, one.code, "ask-supplement", key["counter"], answer_by="2026-03-01")
    assert wrong.status_code == 422
    again = await http.get(
        f"/counter/{one.code}/record/ask-supplement?lang=en",
        headers={"X-API-Key": key["counter"], "accept": "text/html"},
    )
    assert (again.status_code, again.headers["location"]) == (303, f"/counter/{one.code}?lang=en")


async def test_papers_are_asked_for_and_a_withdrawn_dossier_is_stopped(
    app: FastAPI, http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str]
) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
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
