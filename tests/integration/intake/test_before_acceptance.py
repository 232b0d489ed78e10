"""At the door before acceptance: papers asked for once and brought, a withdrawal, its cancelling, a stop."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from services.intake.store import lookups
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.submission_request import SubmissionReceipt
from shared.db.transaction import transaction
from shared.errors import Refused
from shared.states import State
from tests.builders import catalogue as city
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, MARRIAGE, body, file_dossiers, filing
from tests.databases import Database
from tests.integration.intake.test_asking_after_acceptance import ask, pending_event_types

pytestmark = pytest.mark.integration
LATER = "2026-03-20T17:00:00+07:00"


async def waiting(door: IntakeContext) -> SubmissionReceipt:
    """A dossier at the counter, with one paper still to bring."""
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    return one


async def stored_state(
    door: IntakeContext, one: SubmissionReceipt
) -> tuple[str, tuple[str, ...], str | None]:
    """Its state, what is owed, and where a withdrawal leads back to."""
    async with transaction(door.pool) as tx:
        found = await lookups.by_code(tx, one.code)
    assert found is not None
    asked = found.dossier.supplement_request
    return found.dossier.state.value, asked.items if asked else (), found.dossier.resume_to


async def last_said(door: IntakeContext, one: SubmissionReceipt) -> dict[str, Any]:
    value = await door.pool.fetchval(
        "SELECT value FROM outbox WHERE key = $1 ORDER BY position DESC LIMIT 1", str(one.dossier_id)
    )
    return orjson.loads(value)


@pytest.mark.parametrize("mistake", ["missing_paper", "expired_paper"])
async def test_a_sample_that_lacks_a_paper_is_asked_for_exactly_that(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str], database: Database, mistake: str
) -> None:
    await database.set_clock(city.at("2026-01-14 15:00"))
    sample = next(one for one in city.samples() if one["expect"].get("mistake") == mistake)
    expect = sample["expect"]
    raw = {k: v for k, v in sample.items() if k not in ("submission_id", "submitted_at", "expect")}
    officer = {"X-API-Key": key["machine"], "X-Office": "PASC-SP.00070"}
    if raw["channel"] == "investor":
        officer = {"X-API-Key": key["alpha"]}
    said = await http.post(
        "/v1/dossiers", json=raw, headers={"Idempotency-Key": sample["submission_id"]} | officer
    )
    assert (said.status_code, said.json()["state"]) == (201, "submitted")
    if raw["channel"] != "investor":
        officer["X-Office"] = said.json()["receiving_office"]
    asked = await http.post(
        f"/v1/dossiers/{said.json()['code']}/ask-supplement",
        json={"answer_by": "2026-01-30T17:00:00+07:00"},
        headers={"Idempotency-Key": str(uuid4())} | officer,
    )
    assert asked.status_code == 202, asked.text
    seen = await http.post(
        "/v1/tracking", json={"code": said.json()["code"], "secret": said.json()["secret"]}
    )
    assert seen.json()["state"] == expect["outcome"]
    assert (seen.json()["owed"]["items"], seen.json()["due_at"]) == (expect["items"], None)


async def test_papers_come_back_to_the_counter_and_are_no_longer_missing(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    one = await waiting(door)
    again = str(uuid4())
    for _ in range(2):
        asked = await ask(
            http, one, "ask-supplement", {"answer_by": LATER}, officer=key["counter"], key=again
        )
        assert asked.status_code == 202, asked.text
    said = await last_said(door, one)
    assert (said["stage"], said["nth"], len(said["items"])) == ("intake", 1, 1)
    (refused,) = await decide_dossiers(door, [Decision(one.code, COUNTER)])
    assert isinstance(refused, Refused)
    brought = await ask(http, one, "supplement", {"items": said["items"]}, officer=key["counter"])
    assert brought.status_code == 202, brought.text
    assert (await last_said(door, one))["stage"] == "intake"
    assert await stored_state(door, one) == ("submitted", (), None)
    (accepted,) = await decide_dossiers(door, [Decision(one.code, COUNTER)])
    assert not isinstance(accepted, Refused)
    assert (accepted.state, accepted.papers_to_bring) == (State.ACCEPTED, ())


async def test_a_filing_that_arrives_again_gets_its_first_answer_though_the_counter_has_its_time_anew(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str], database: Database
) -> None:
    sent = filing(body(MARRIAGE))
    (first,) = await file_dossiers(door, sent)
    await ask(http, first, "ask-supplement", {"answer_by": LATER}, officer=key["counter"])
    items = (await last_said(door, first))["items"]
    await database.set_clock(FRIDAY + timedelta(days=4))
    brought = await ask(http, first, "supplement", {"items": items}, officer=key["counter"])
    assert brought.status_code == 202, brought.text
    (again,) = await file_dossiers(door, sent)
    assert again == replace(first, fresh=False)


async def test_what_is_wrong_with_form_02_is_refused_by_name(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    one = await waiting(door)
    for said, code in (
        ({}, "bad_answer_by"),
        ({"answer_by": "2026-03-05T17:00:00+07:00"}, "bad_answer_by"),
        ({"items": ["CCCD"], "answer_by": LATER}, "all_defects_in_one_request"),
    ):
        wrong = await ask(http, one, "ask-supplement", said, officer=key["counter"])
        assert (wrong.status_code, wrong.json()["code"]) == (422, code)
    stranger = await ask(http, one, "ask-supplement", {"answer_by": LATER})
    assert stranger.status_code == 404
    assert await stored_state(door, one) == ("submitted", (), None)


async def test_a_second_request_says_that_it_counts_as_late(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    one = await waiting(door)
    await ask(http, one, "ask-supplement", {"answer_by": LATER}, officer=key["counter"])
    await ask(http, one, "supplement", {"items": ["CCCD"]}, officer=key["counter"])
    second = {"answer_by": LATER}
    wrong = await ask(http, one, "ask-supplement", second, officer=key["counter"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "second_supplement_counts_as_late")
    second |= {"basis": "Điều 12", "approved_by": "Trưởng điểm"}
    fine = await ask(http, one, "ask-supplement", second, officer=key["counter"])
    assert fine.status_code == 202, fine.text
    assert (await last_said(door, one))["nth"] == 2


@pytest.mark.parametrize("owing", [False, True])
async def test_a_withdrawal_leads_back_to_where_it_was_asked_from(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str], owing: bool
) -> None:
    one = await waiting(door)
    if owing:
        await ask(http, one, "ask-supplement", {"answer_by": LATER}, officer=key["counter"])
    before = await stored_state(door, one)
    gone = await ask(http, one, "withdraw", {"secret": one.secret})
    assert gone.status_code == 202, gone.text
    assert (await stored_state(door, one))[::2] == ("withdrawal_requested", before[0])
    back = await ask(http, one, "keep", {"secret": one.secret})
    assert back.status_code == 202, back.text
    assert await stored_state(door, one) == before
    never = await ask(http, one, "keep", {"secret": one.secret})
    assert (never.status_code, never.json()["code"]) == (409, "already_decided")


async def test_what_was_withdrawn_is_stopped_by_the_counter_and_never_comes_back(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    one = await waiting(door)
    early = await ask(http, one, "stop", {}, officer=key["counter"])
    assert early.status_code == 409
    await ask(http, one, "withdraw", {"secret": one.secret})
    stopped = await ask(http, one, "stop", {}, officer=key["counter"])
    assert stopped.status_code == 202, stopped.text
    assert (await last_said(door, one))["reason_code"] == "withdrawn"
    assert (await pending_event_types(door, one))[-2:] == [
        "dossier.withdrawal_requested.v1",
        "dossier.stopped.v1",
    ]
    assert (await ask(http, one, "keep", {"secret": one.secret})).status_code == 409


async def test_papers_that_never_came_stop_a_dossier_only_when_their_time_is_over(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str], database: Database
) -> None:
    one = await waiting(door)
    await ask(http, one, "ask-supplement", {"answer_by": LATER}, officer=key["counter"])
    early = await ask(http, one, "stop", {}, officer=key["counter"])
    assert (early.status_code, early.json()["code"]) == (409, "still_time_to_answer")
    await database.set_clock(FRIDAY.replace(day=23))
    late = await ask(http, one, "stop", {}, officer=key["counter"])
    assert late.status_code == 202, late.text
    assert (await last_said(door, one))["reason_code"] == "no_answer"


async def test_a_proxy_gets_a_result_only_with_a_proof(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    one = await waiting(door)
    await decide_dossiers(door, [Decision(one.code, COUNTER)])
    to_proxy = {"how": "counter", "to": "proxy"}
    wrong = await ask(http, one, "return", to_proxy, officer=key["counter"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "proof_needed")
    fine = await ask(http, one, "return", to_proxy | {"proof_ref": "UQ-17"}, officer=key["counter"])
    assert fine.status_code == 202
