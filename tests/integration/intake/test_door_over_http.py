"""The door as machines meet it: samples in, one answer a key, all errors at once, decisions, tracking."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.submission.filing_limits import DEFAULT_LIMITS
from services.intake.usecases.context import IntakeContext
from tests.builders import catalogue as city
from tests.builders.intake import JUDICIAL, MARRIAGE, FixedCatalogue, body
from tests.databases import Database

pytestmark = pytest.mark.integration


async def file(http: httpx.AsyncClient, raw: dict[str, Any], key: str = "", id: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": id or str(uuid4())} | ({"X-API-Key": key} if key else {})
    return await http.post("/v1/dossiers", json=raw, headers=headers)


async def test_every_sample_gets_the_answer_it_expects(
    http: httpx.AsyncClient, key: dict[str, str], database: Database
) -> None:
    await database.set_clock(city.at("2026-01-14 23:00"))
    met: dict[str, list[str]] = {}
    codes: dict[str, str] = {}
    for sample in city.samples():
        raw = {k: v for k, v in sample.items() if k not in ("submission_id", "submitted_at", "expect")}
        by = {"investor": "alpha", "counter": "counter", "post": "counter", "home": "counter"}
        holder = key.get(by.get(raw["channel"], ""), "")
        said = await file(http, raw, holder, sample["submission_id"])
        expect = sample["expect"]
        if expect["outcome"] == "field_error":
            (error,) = said.json()["errors"]
            met.setdefault("field_error", []).append(error["field"])
            assert (said.status_code, error["field"]) == (422, expect["field"])
            offered = [candidate["value"] for candidate in error.get("candidates", [])]
            assert offered == expect.get("candidates", [])
            continue
        if expect["outcome"] in ("duplicate_warning", "advice_too_early"):
            (word,) = asked = [error["code"] for error in said.json()["errors"]]
            assert (said.status_code, said.json()["code"]) == (409, "needs_confirmation")
            met.setdefault(word, []).extend(one["value"] for one in said.json()["errors"][0]["candidates"])
            said = await file(http, raw | {"confirmed": asked}, holder, sample["submission_id"])
        assert said.status_code == 201, (sample["submission_id"], said.text)
        met.setdefault("filed", []).append(said.json()["code"])
        codes[sample["submission_id"]] = said.json()["code"]
    assert (len(met["filed"]), len(set(met["filed"])), len(met["field_error"])) == (58, 58, 2)
    by_mistake = {one["expect"].get("mistake"): one["expect"] for one in city.samples()}
    assert met["duplicate"] == [codes[by_mistake["duplicate"]["same_as"]]]
    early = by_mistake["too_early"]
    assert met["too_early"] == [early["apply_from"], early["apply_until"]]


@pytest.mark.parametrize("filed_at", ["2027-12-27 09:00", "2027-12-31 16:30", "2028-02-01 09:00"])
async def test_near_and_after_the_end_of_the_calendar_a_filing_is_taken(
    http: httpx.AsyncClient, database: Database, filed_at: str
) -> None:
    await database.set_clock(city.at(filed_at))
    said = await file(http, JUDICIAL)
    assert said.status_code == 201, said.text
    assert said.json()["answer_by"] > filed_at[:10]


async def test_a_retry_gets_two_hundred_and_the_same_words(http: httpx.AsyncClient) -> None:
    id = str(uuid4())
    first, again = await file(http, JUDICIAL, id=id), await file(http, JUDICIAL, id=id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["secret"] not in first.json()["tracking_url"]
    other = await file(http, body(facts={"for_use": "du học"}), id=id)
    assert (other.status_code, other.json()["code"]) == (409, "key_used")


async def test_all_that_is_wrong_is_said_at_once(http: httpx.AsyncClient) -> None:
    wrong = body(
        place={"chosen": "99999"},
        applicant={"name": "", "born": "2030-01-01", "id_number": "12"},
        contact={"phone": None, "email": None, "surprise": 1},
        delivery="pigeon",
    )
    said = await file(http, wrong)
    assert said.headers["content-type"].startswith("application/problem+json")
    assert {error["field"]: error["code"] for error in said.json()["errors"]} == {
        "contact.surprise": "unknown_field",
        "place.chosen": "place_not_asked",
        "delivery": "unknown_value",
        "applicant.name": "required",
        "applicant.id_number": "bad_id_number",
        "applicant.born": "in_the_future",
        "contact.phone": "unreachable",
    }


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"a":"\xff"}', b'{"procedure":"\\u0000"}', b"1e999"])
async def test_rubbish_is_refused_and_never_a_crash(http: httpx.AsyncClient, raw: bytes) -> None:
    said = await http.post("/v1/dossiers", content=raw, headers={"Idempotency-Key": str(uuid4())})
    assert said.status_code == 422
    assert said.json()["errors"]


async def test_the_key_is_asked_for_and_a_huge_body_is_not_read(http: httpx.AsyncClient) -> None:
    none = await http.post("/v1/dossiers", json=JUDICIAL)
    assert (none.status_code, none.json()["code"]) == (422, "key_needed")
    huge = await http.post("/v1/dossiers", content=b" " * 300_000, headers={"Idempotency-Key": str(uuid4())})
    assert huge.status_code == 413


async def test_the_counter_accepts_once_with_a_promise_and_its_explanation(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    code = (await file(http, body(MARRIAGE))).json()["code"]
    assert (await http.post(f"/v1/dossiers/{code}/accept")).status_code == 401
    assert (
        await http.post(f"/v1/dossiers/{code}/accept", headers={"X-API-Key": key["alpha"]})
    ).status_code == 403
    said = await http.post(f"/v1/dossiers/{code}/accept", headers={"X-API-Key": key["counter"]})
    again = await http.post(f"/v1/dossiers/{code}/accept", headers={"X-API-Key": key["counter"]})
    assert said.json()["promised_due_at"] == "2026-03-06T17:00:00+07:00"
    assert set(said.json()["explanation"][0]) == {"from", "to", "counts", "why", "why_en"}
    assert (again.status_code, again.json()) == (200, said.json())
    refused = await http.post(
        f"/v1/dossiers/{code}/refuse",
        json={"reason_code": "other"},
        headers={"X-API-Key": key["counter"]},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")


async def test_a_refusal_needs_a_known_reason_and_reaches_the_tracking_page(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    filed = (await file(http, body(MARRIAGE))).json()
    place, head = f"/v1/dossiers/{filed['code']}/refuse", {"X-API-Key": key["counter"]}
    unknown = await http.post(place, json={"reason_code": "mood"}, headers=head)
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "reason_code")
    said = await http.post(
        place,
        json={"reason_code": "papers_incomplete", "text": "Thiếu giấy xác nhận độc thân.", "rule": "QĐ 163"},
        headers=head,
    )
    assert (said.status_code, said.json()["state"]) == (200, "refused")
    page = await http.post("/track", data={"code": filed["code"], "secret": filed["secret"]})
    assert "Thiếu giấy xác nhận độc thân." in page.text
    assert "Nộp lại, không phải khai lại từ đầu" in page.text


async def test_tracking_says_the_same_for_a_wrong_secret_and_an_unknown_code(http: httpx.AsyncClient) -> None:
    filed = (await file(http, JUDICIAL)).json()
    typed = filed["secret"][:5].lower() + "-" + filed["secret"][5:]
    good = await http.post("/v1/tracking", json={"code": filed["code"].lower(), "secret": typed})
    assert set(good.json()) == {
        "code", "state", "state_vi", "state_en", "holder", "due_at", "explanation", "owed", "steps",
        "messages", "apology", "office_sought_since", "outcome", "stopped_reason", "extension_reason",
        "declined",
    }  # fmt: skip
    assert (good.json()["state_vi"], good.json()["holder"]["name"]) == ("Được tiếp nhận", "Công an TP Hà Nội")
    wrong = await http.post("/v1/tracking", json={"code": filed["code"], "secret": "AAAAAAAAAA"})
    unknown = await http.post("/v1/tracking", json={"code": "H26.X-260306-9999", "secret": filed["secret"]})
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.json() == unknown.json()


async def test_guessing_is_slowed_down_and_finding_is_not(http: httpx.AsyncClient) -> None:
    filed = (await file(http, JUDICIAL)).json()
    right = {"code": filed["code"], "secret": filed["secret"]}
    for _ in range(40):
        assert (await http.post("/v1/tracking", json=right)).status_code == 200
    said = [await http.post("/v1/tracking", json=right | {"secret": "WRONG"}) for _ in range(31)]
    assert [answer.status_code for answer in said] == [404] * 30 + [429]
    assert int(said[-1].headers["retry-after"]) > 0


async def test_the_sixth_filing_of_a_day_is_told_when_to_come_again(
    http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str]
) -> None:
    object.__setattr__(door, "limits", DEFAULT_LIMITS)
    answers = [await file(http, body(facts={"for_use": f"việc {n}"})) for n in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    said = answers[5].json()
    assert (said["code"], said["errors"][0]["field"]) == ("filed_often", "contact.phone")
    assert int(answers[5].headers["retry-after"]) == 15 * 3600
    counter = {"X-API-Key": key["counter"], "Idempotency-Key": str(uuid4())}
    assert (await http.post("/v1/dossiers", json=body(channel="counter"), headers=counter)).status_code != 429


async def test_guesses_count_against_the_guesser_and_nobody_else(
    http: httpx.AsyncClient, app: FastAPI, key: dict[str, str]
) -> None:
    filed = (await file(http, JUDICIAL)).json()
    right = {"code": filed["code"], "secret": filed["secret"]}
    withdraw = f"/v1/dossiers/{filed['code']}/withdraw"
    guesses = [await guess(http, filed["code"]) for _ in range(31)]
    assert guesses == [404] * 30 + [429]
    elsewhere = httpx.ASGITransport(app=app, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://door") as citizen:
        assert (await citizen.post("/v1/tracking", json=right)).status_code == 200
        assert (await citizen.post("/track", data=right)).status_code == 200
    by_counter = {"X-API-Key": key["counter"], "Idempotency-Key": str(uuid4())}
    assert (await http.post("/v1/tracking", json=right, headers=by_counter)).status_code == 200
    stopped = await http.post(f"/v1/dossiers/{filed['code']}/stop", json={}, headers=by_counter)
    assert stopped.status_code not in {404, 429}
    from_here = {"Idempotency-Key": str(uuid4())}
    guessed = await http.post(withdraw, json={"secret": "WRONG"}, headers=from_here)
    assert guessed.status_code == 429
    mistaken = [
        await http.post("/v1/tracking", json=right | {"secret": "X"}, headers=by_counter) for _ in range(150)
    ]
    assert {answer.status_code for answer in mistaken} == {404}


async def test_one_ipv6_network_is_one_guesser(http: httpx.AsyncClient, app: FastAPI) -> None:
    code = (await file(http, JUDICIAL)).json()["code"]
    answers: list[int] = []
    for number in range(31):
        network = httpx.ASGITransport(app=app, client=(f"2001:db8:1:2::{number:x}", 1))
        async with httpx.AsyncClient(transport=network, base_url="http://door") as guesser:
            answers.append(await guess(guesser, code))
    assert answers == [404] * 30 + [429]


async def test_guesses_sent_at_once_are_no_more_than_one_by_one(http: httpx.AsyncClient) -> None:
    filed = (await file(http, JUDICIAL)).json()
    answers = await asyncio.gather(*(guess(http, filed["code"]) for _ in range(300)))
    assert Counter(answers) == {404: 30, 429: 270}


async def test_right_secrets_are_given_back(http: httpx.AsyncClient) -> None:
    filed = (await file(http, JUDICIAL)).json()
    right = {"code": filed["code"], "secret": filed["secret"]}
    for _ in range(10):
        answers = await asyncio.gather(*(http.post("/v1/tracking", json=right) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}


async def guess(http: httpx.AsyncClient, code: str) -> int:
    """The status of an answer to a wrong secret."""
    return (await http.post("/v1/tracking", json={"code": code, "secret": "WRONG"})).status_code


async def test_the_waiting_list_names_what_is_missing_and_the_operator_sees_no_person(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    code = (await file(http, body(MARRIAGE))).json()["code"]
    listed = await http.get("/v1/counter", headers={"X-API-Key": key["counter"]})
    assert [(row["code"], row["missing"]) for row in listed.json()] == [(code, ["XN-HONNHAN"])]
    other = await http.get("/v1/counter?office=PASC-SP.00070", headers={"X-API-Key": key["counter"]})
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    seen = await http.get(f"/v1/dossiers/{code}", headers={"X-API-Key": key["operator"]})
    assert seen.json()["state"] == "submitted"
    assert not any(planted in seen.text for planted in ("Ví Dụ", "099058770566", "vidu042"))
    assert (await http.get(f"/v1/dossiers/{code}")).status_code == 401


async def test_the_contract_is_documented_with_an_example_for_each_operation(http: httpx.AsyncClient) -> None:
    schema = (await http.get("/openapi.json")).json()
    for path in ("/v1/dossiers", "/v1/tracking", "/v1/dossiers/{code}/accept", "/v1/dossiers/{code}/refuse"):
        answers = schema["paths"][path]["post"]["responses"]
        good = answers.get("201") or answers["200"]
        assert good["content"]["application/json"]["example"]
    assert "example" in schema["paths"]["/v1/dossiers"]["post"]["requestBody"]["content"]["application/json"]
    assert (await http.get("/docs")).status_code == 200


async def test_procedures_answer_before_any_form(http: httpx.AsyncClient) -> None:
    listed = (await http.get("/v1/procedures")).json()
    assert len(listed) == 16
    one = (await http.get("/v1/procedures/land-transfer")).json()
    assert (one["deadline"]["vi"], one["fees"]["counter"]) == ("8 ngày làm việc", None)
    assert (await http.get("/v1/procedures/nothing")).status_code == 404


async def test_a_fee_before_work_is_said_before_any_form(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FixedCatalogue, "current", city.with_a_fee_before_work())
    one = (await http.get("/v1/procedures/business-household")).json()
    assert one["fees"] == {"counter": 100_000, "online": 0, "before_work_days": 5}
    page = await http.get("/procedures/business-household", headers={"accept": "text/html"})
    assert "Nộp sau khi tiếp nhận, trong 5 ngày làm việc" in page.text
