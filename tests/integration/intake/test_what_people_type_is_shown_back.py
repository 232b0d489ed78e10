"""Over HTTP and on pages: an input method's secret opens the dossier; what was understood is shown."""

import re
from uuid import uuid4

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from services.intake.usecases.submission_request import SubmissionReceipt
from tests.builders.intake import JUDICIAL, MARRIAGE, body, file_dossiers, filing
from tests.integration.intake.test_door_pages import file, fill_in, log_in, shown

pytestmark = pytest.mark.integration

FORMER_SECRET, WITH_TELEX = "5X23WR4VRZ", "5X23ƯR4VRZ"


async def filed_with_former_secret(door: IntakeContext) -> SubmissionReceipt:
    (receipt,) = await file_dossiers(door, filing(body(JUDICIAL)))
    mac = door.keys.secret_mac(FORMER_SECRET)
    await door.pool.execute("UPDATE dossiers SET secret_mac = $1, link_ref = '5X23WR4V'", mac)
    return receipt


async def test_a_secret_typed_with_telex_on_opens_the_dossier(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    receipt = await filed_with_former_secret(door)
    code = receipt.code.lower().replace("-", "–") + "."
    typed = {"code": code, "secret": WITH_TELEX}
    assert (await http.post("/v1/tracking", json=typed)).json()["code"] == receipt.code
    assert (await http.post("/track", data=typed)).status_code == 200
    assert (await http.post("/track", data={"ref": "5x23ưr4v", "secret": WITH_TELEX})).status_code == 200
    wrong = await http.post("/v1/tracking", json=typed | {"secret": "5X23UR4VRZ"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "not_found")


async def test_the_slip_and_the_counter_show_what_was_understood(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    await fill_in(
        http,
        **{
            "contact.phone": "+84 (0) 900-000-042",
            "applicant.id_number": "099.058.770.566",
            "applicant.born": "1958",
        },
    )
    slip = (await http.get("/slip")).text
    assert shown(slip, "phone") == "0900 000 042"
    assert shown(slip, "id_number") == "099 058 770 566"
    assert shown(slip, "born") == "1958"
    code = shown(slip, "code")
    await log_in(http, door)
    page = (await http.get(f"/counter/{code.replace('-', '—')}")).text
    assert "099 058 770 566" in page
    assert "0900 000 042" in page


async def test_the_form_asks_about_an_identity_number_and_files_when_confirmed(
    http: httpx.AsyncClient,
) -> None:
    asked = await fill_in(http, **{"applicant.sex": "nữ"})
    assert asked.status_code == 409
    assert re.search(r'name="confirmed"[^>]*value="id_mismatch"|value="id_mismatch"', asked.text)
    assert (await fill_in(http, **{"applicant.sex": "nữ", "confirmed": "id_mismatch"})).status_code == 303


async def test_a_date_of_two_digits_is_asked_and_stays_in_the_form(http: httpx.AsyncClient) -> None:
    page = await fill_in(http, **{"applicant.born": "1.2.50"})
    assert page.status_code == 422
    assert "1950 hay 2050" in page.text
    assert 'value="1.2.50"' in page.text


async def test_an_officers_words_lose_what_nobody_sees(http: httpx.AsyncClient, key: dict[str, str]) -> None:
    filed = (await http.post("/v1/dossiers", json=MARRIAGE, headers={"Idempotency-Key": str(uuid4())})).json()
    place, head = f"/v1/dossiers/{filed['code']}/refuse", {"X-API-Key": key["counter"]}
    refused = await http.post(
        place, json={"reason_code": "papers_incomplete", "text": "Thi\u1ebfu\uffff gi\u1ea5y."}, headers=head
    )
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"], error["code"]) == (422, "text", "bad_characters")
    long = await http.post(place, json={"reason_code": "other", "text": "x" * 2001}, headers=head)
    assert "2.000" in long.json()["errors"][0]["vi"]
    said = await http.post(
        place,
        json={
            "reason_code": "papers_incomplete",
            "text": "Thi\u1ebfu\u202e gi\u1ea5y\u200b.",
            "rule": "Q\u0110 163",
        },
        headers=head,
    )
    assert said.status_code == 200
    page = await http.post("/track", data={"code": filed["code"], "secret": filed["secret"]})
    assert "Thiếu giấy." in page.text


async def test_a_slip_of_a_new_dossier_has_a_secret_in_three_groups(http: httpx.AsyncClient) -> None:
    _, secret = await file(http)
    assert [len(group) for group in secret.split()] == [4, 4, 3]
