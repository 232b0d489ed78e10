"""A withdrawal, papers brought, a fee, a hand-over: written down once, signed, handed to routing to judge."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.submission_request import SubmissionReceipt
from shared.db.transaction import transaction
from tests.builders.counters import COUNTER
from tests.builders.intake import MARRIAGE, body, file_dossiers, filing

TYPE = re.compile(rb"dossier\.[a-z_]+\.v1")
pytestmark = pytest.mark.integration


async def accepted(door: IntakeContext) -> SubmissionReceipt:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    await decide_dossiers(door, [Decision(one.code, COUNTER)])
    return one


async def ask(
    http: httpx.AsyncClient,
    one: SubmissionReceipt,
    what: str,
    said: dict[str, Any],
    *,
    key: str | None = None,
    officer: str | None = None,
) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())} | ({"X-API-Key": officer} if officer else {})
    return await http.post(f"/v1/dossiers/{one.code}/{what}", json=said, headers=headers)


async def pending_event_types(door: IntakeContext, one: SubmissionReceipt) -> list[str]:
    """The types of its events that wait for the relay, in order."""
    async with transaction(door.pool) as tx:
        rows = await tx.fetch(
            "SELECT headers FROM outbox WHERE key = $1 ORDER BY position", str(one.dossier_id)
        )
    return [match[0].decode() for row in rows if (match := TYPE.search(row["headers"]))]


async def test_the_holder_of_the_slip_withdraws_once_however_often_it_is_sent(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted(door)
    key, said = str(uuid4()), {"secret": one.secret, "reason_code": "moved_away"}
    before = len(await pending_event_types(door, one))
    first = await ask(http, one, "withdraw", said, key=key)
    again = await ask(http, one, "withdraw", said, key=key)
    assert (first.status_code, first.json()["request"]) == (202, "dossier.withdrawal_requested")
    assert again.json() == first.json()
    assert (await pending_event_types(door, one))[before:] == ["dossier.withdrawal_requested.v1"]
    kept = await ask(http, one, "keep", {"secret": one.secret}, key=key)
    assert (kept.status_code, kept.json()["code"]) == (409, "key_used")
    assert (await ask(http, one, "keep", {"secret": one.secret})).status_code == 202


async def test_a_wrong_secret_and_an_unknown_code_are_one_answer(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    one = await accepted(door)
    wrong = await ask(http, one, "withdraw", {"secret": "AAAAAAAAAA"})
    nobody = await http.post(
        "/v1/dossiers/H26.X-260306-9999/withdraw",
        json={"secret": one.secret},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert (wrong.status_code, wrong.json()["code"]) == (404, "not_found")
    assert {**wrong.json(), "trace": None} == {**nobody.json(), "trace": None}


async def test_before_acceptance_there_is_nothing_to_pay(
    http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str]
) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    fee = {"amount": 8000, "receipt_ref": "BL-1"}
    answer = await ask(http, one, "payment", fee, officer=key["counter"])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_accepted")


@pytest.mark.parametrize(
    "act",
    [
        ("supplement", {"items": ["HDCN"]}, "dossier.supplemented.v1"),
        ("payment", {"amount": 75000, "receipt_ref": "BL-1"}, "dossier.paid.v1"),
        ("return", {"how": "counter", "to": "proxy", "proof_ref": "GUQ-1"}, "dossier.returned.v1"),
    ],
)
async def test_the_counter_records_what_happens_there_and_a_citizen_may_not(
    http: httpx.AsyncClient, door: IntakeContext, key: dict[str, str], act: tuple[str, dict[str, Any], str]
) -> None:
    one, (what, said, type) = await accepted(door), act
    done = await ask(http, one, what, said, officer=key["counter"])
    assert done.status_code == 202, done.text
    assert (await pending_event_types(door, one))[-1] == type
    assert (await ask(http, one, what, said)).status_code == 404
    other = await ask(http, one, what, {**said, "more": 1}, officer=key["counter"])
    assert other.status_code == 422
