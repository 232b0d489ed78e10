"""One key acts for many counters: each act says for which, and leaves that office in audit and event."""

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from services.intake.usecases.context import IntakeContext
from shared.db.transaction import transaction
from tests.builders.intake import MARRIAGE, body

pytestmark = pytest.mark.integration
HERE, ELSEWHERE = "PASC-SP.00004", "PASC-SP.00070"
BY = {"kind": "officer", "id": "may-quay", "role": "counter", "office": HERE}


async def file(http: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> httpx.Response:
    raw = body(MARRIAGE, channel="counter", **changes)
    return await http.post("/v1/dossiers", json=raw, headers={"Idempotency-Key": str(uuid4())} | headers)


async def test_the_office_is_in_the_audit_and_in_the_events(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    machine = {"X-API-Key": key["machine"], "X-Office": HERE}
    filed = (await file(http, machine)).json()
    accepted = await http.post(f"/v1/dossiers/{filed['code']}/accept", headers=machine)
    assert accepted.status_code == 200, accepted.text
    async with transaction(door.pool) as tx:
        audited = [dict(orjson.loads(row["actor"])) for row in await tx.fetch(AUDITED)]
        rows = await tx.fetch(
            "SELECT value FROM outbox WHERE key = $1 ORDER BY position", filed["dossier_id"]
        )
    assert audited == [BY, BY]
    assert [orjson.loads(row["value"])["actor"] for row in rows] == [BY, BY]


AUDITED = "SELECT actor::text FROM audit_lines ORDER BY n"


async def test_it_decides_nothing_for_a_counter_that_it_does_not_name(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    machine = {"X-API-Key": key["machine"]}
    unnamed = await file(http, machine)
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "office_missing")
    strange = await file(http, machine | {"X-Office": "WARD.00004"})
    assert (strange.status_code, strange.json()["code"]) == (403, "office_not_of_this_key")
    code = (await file(http, machine | {"X-Office": ELSEWHERE})).json()["code"]
    for act in ("accept", "refuse", "stop"):
        said = await http.post(
            f"/v1/dossiers/{code}/{act}",
            json={"reason_code": "not_for_us"} if act == "refuse" else {},
            headers=machine | {"X-Office": ELSEWHERE, "Idempotency-Key": str(uuid4())},
        )
        assert (said.status_code, said.json()["code"]) == (403, "not_your_office"), act


async def test_each_queue_is_that_of_the_named_counter_and_the_operator_sees_all(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    code = (await file(http, {"X-API-Key": key["machine"], "X-Office": HERE})).json()["code"]

    async def queue(who: str, office: str | None = None, query: str = "") -> list[str]:
        headers = {"X-API-Key": key[who]} | ({"X-Office": office} if office else {})
        answer = await http.get(f"/v1/counter{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return [row["code"] for row in answer.json()]

    assert await queue("machine", HERE) == [code]
    assert await queue("machine", ELSEWHERE) == []
    assert await queue("operator") == [code]
    assert await queue("operator", query=f"?office={ELSEWHERE}") == []


async def test_the_header_is_documented_wherever_a_key_is_read(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    for path in ("/v1/dossiers", "/v1/dossiers/{code}/accept", "/v1/dossiers/{code}/payment"):
        names = [parameter["name"] for parameter in paths[path]["post"]["parameters"]]
        assert "X-Office" in names, path
