"""A withdrawal and what a counter records, on pages without scripts."""

import re
from typing import Any

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.save_views import save_case_views
from services.intake.usecases.submission_request import SubmissionReceipt
from shared.db.transaction import transaction
from shared.events.case import CitizenRequest
from shared.web.auth.sessions import Officer, open_session
from tests.builders.case_updates import case_update, headlines
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, MARRIAGE, body, file_dossiers, filing
from tests.integration.intake.test_asking_after_acceptance import pending_event_types as told_to_routing

pytestmark = pytest.mark.integration
WITHDRAWN, SUPPLEMENTED = "dossier.withdrawal_requested.v1", "dossier.supplemented.v1"
PAID, RETURNED = "dossier.paid.v1", "dossier.returned.v1"


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found.group(1)


async def accepted_dossier(door: IntakeContext, state: str, **more: Any) -> SubmissionReceipt:
    """An accepted dossier of which routing last said this."""
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    await decide_dossiers(door, [Decision(one.code, COUNTER)])
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([case_update(one.dossier_id, 1, state, one.code, **more)]))
    return one


async def tracked(http: httpx.AsyncClient, one: SubmissionReceipt) -> str:
    return (await http.post("/track", data={"code": one.code, "secret": one.secret})).text


async def at_the_counter(http: httpx.AsyncClient, door: IntakeContext, one: SubmissionReceipt) -> str:
    office = await door.pool.fetchval("SELECT receiving_office FROM dossiers")
    officer = Officer("canbo.vidu", "Cán bộ Ví Dụ", "counter", office)
    http.cookies.set("motcua_intake", await open_session(door.pool, officer))
    return (await http.get(f"/counter/{one.code}")).text


async def record(
    http: httpx.AsyncClient, one: SubmissionReceipt, page: str, what: str, **fields: Any
) -> httpx.Response:
    tokens = {name: hidden(page, name) for name in ("csrf", "key")}
    return await http.post(f"/counter/{one.code}/record/{what}", data=tokens | fields)


def owed(**what: Any) -> CitizenRequest:
    return CitizenRequest(office="HPOL", asked_at=FRIDAY, answer_by=FRIDAY, nth=1, **what)


async def test_withdrawing_takes_the_secret_once_more_and_pressing_twice_asks_once(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted_dossier(door, "in_process")
    assert 'href="/track/withdraw"' in await tracked(http, one)
    page = (await http.get("/track/withdraw")).text
    tokens = {name: hidden(page, name) for name in ("csrf", "key")}
    wrong = await http.post("/track/withdraw", data=tokens | {"secret": "22222 22222"})
    assert (wrong.status_code, 'id="e-secret"' in wrong.text) == (404, True)
    assert hidden(wrong.text, "key") == tokens["key"]
    for _ in range(2):
        sent = await http.post("/track/withdraw", data=tokens | {"secret": one.secret})
        assert (sent.status_code, sent.headers["location"]) == (303, "/track?asked=withdraw")
    assert (await told_to_routing(door, one)).count(WITHDRAWN) == 1
    assert "Đã ghi nhận yêu cầu rút hồ sơ." in (await http.get("/track?asked=withdraw")).text


async def test_a_withdrawal_is_taken_back_on_the_same_page(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted_dossier(door, "withdrawal_requested")
    page = await tracked(http, one)
    assert 'href="/track/keep"' in page
    assert 'href="/track/withdraw"' not in page
    form = (await http.get("/track/keep")).text
    tokens = {name: hidden(form, name) for name in ("csrf", "key")}
    assert (await http.post("/track/keep", data=tokens | {"secret": one.secret})).status_code == 303
    assert (await told_to_routing(door, one))[-1] == "dossier.withdrawal_cancelled.v1"


@pytest.mark.parametrize("state", ["completed", "returned", "stopped"])
async def test_nothing_is_offered_that_routing_would_decline(
    http: httpx.AsyncClient, door: IntakeContext, state: str
) -> None:
    page = await tracked(http, await accepted_dossier(door, state))
    assert 'href="/track/withdraw"' not in page
    assert (await http.get("/track/withdraw")).headers["location"] == "/track"


async def test_a_browser_that_was_not_shown_the_dossier_and_a_forged_form_withdraw_nothing(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted_dossier(door, "in_process")
    assert (await http.get("/track/withdraw")).headers["location"] == "/track"
    await tracked(http, one)
    forged = await http.post("/track/withdraw", data={"csrf": "guess", "secret": one.secret})
    assert forged.status_code == 403
    assert WITHDRAWN not in await told_to_routing(door, one)


async def test_the_counter_ticks_the_papers_that_were_brought(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    request = owed(kind="supplement", items=("Giấy A chưa ký", "Giấy B"))
    one = await accepted_dossier(door, "supplement_requested", stage="processing", request=request)
    page = await at_the_counter(http, door, one)
    none = await record(http, one, page, "supplement")
    assert (none.status_code, "Chọn giấy tờ đã nhận." in none.text) == (422, True)
    for _ in range(2):
        answer = await record(http, one, page, "supplement", items=["Giấy A chưa ký", "Giấy B"])
        assert answer.headers["location"] == f"/counter/{one.code}?recorded=true"
    assert (await told_to_routing(door, one)).count(SUPPLEMENTED) == 1


async def test_the_counter_records_a_fee_with_its_receipt(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted_dossier(door, "payment_requested", request=owed(kind="payment", amount=75_000))
    page = await at_the_counter(http, door, one)
    bare = await record(http, one, page, "payment", amount="75.000")
    assert (bare.status_code, 'id="e-receipt_ref"' in bare.text, 'value="75.000"' in bare.text) == (
        422,
        True,
        True,
    )
    assert (await record(http, one, page, "payment", amount="75.000", receipt_ref="BL-1")).status_code == 303
    assert (await told_to_routing(door, one))[-1] == PAID


async def test_a_proxy_shows_an_authorisation(http: httpx.AsyncClient, door: IntakeContext) -> None:
    one = await accepted_dossier(door, "completed", outcome="granted", completed_at=FRIDAY)
    page = await at_the_counter(http, door, one)
    bare = await record(http, one, page, "return", how="counter", to="proxy")
    assert (bare.status_code, 'id="e-proof_ref"' in bare.text) == (422, True)
    shown = await record(http, one, page, "return", how="counter", to="proxy", proof_ref="GUQ-1")
    assert shown.status_code == 303
    assert (await told_to_routing(door, one))[-1] == RETURNED
