"""A counter refuses in the very act of filing what it will not take in: form 03."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from shared.db.transaction import transaction
from shared.security import audit_chain
from shared.web.auth.sessions import Officer, open_session
from tests.builders import catalogue as city
from tests.builders.intake import FRIDAY, MARRIAGE, body
from tests.integration.intake.test_door_pages import hidden

pytestmark = pytest.mark.integration
FORM_03 = {"reason_code": "papers_incomplete", "text": "Ông Ví Dụ chưa có tờ khai.", "rule": "NĐ 118/2025"}


async def hand_in(
    http: httpx.AsyncClient, officer: str | None, key: str | None = None, *, office: str = "", **changes: Any
) -> httpx.Response:
    raw = body(MARRIAGE, **{"channel": "counter", "refused": FORM_03, **changes})
    headers = {"Idempotency-Key": key or str(uuid4())} | ({"X-API-Key": officer} if officer else {})
    if office:
        headers["X-Office"] = office
    return await http.post("/v1/dossiers", json=raw, headers=headers)


async def test_filed_and_refused_in_one_act_with_both_facts_told_in_order(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    said = await hand_in(http, key["counter"])
    assert (said.status_code, said.json()["state"]) == (201, "refused")
    async with transaction(door.pool) as tx:
        root = said.json()["dossier_id"]
        acts = [r["act"] for r in await tx.fetch("SELECT act FROM audit_lines ORDER BY n")]
        told = [
            bytes(r["headers"])
            for r in await tx.fetch("SELECT headers FROM outbox WHERE key = $1 ORDER BY position", root)
        ]
        assert (await audit_chain.verify(tx)).lines == 2
    assert acts == ["dossier.submitted", "dossier.refused"]
    assert [b"dossier.submitted.v1" in told[0], b"dossier.refused.v1" in told[1]] == [True, True]


async def test_the_same_again_is_a_retry_and_the_citizen_reads_why(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    once = str(uuid4())
    first, again = [await hand_in(http, key["counter"], once) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    slip = {name: first.json()[name] for name in ("code", "secret")}
    seen = (await http.post("/v1/tracking", json=slip)).json()
    assert seen["state"] == "refused"


async def test_the_officers_words_are_sealed(
    door: IntakeContext, http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    await hand_in(http, key["counter"])
    for table in ("dossiers", "dossier_seals", "outbox", "audit_lines"):
        assert "Ông Ví Dụ" not in str(await door.pool.fetch(f"SELECT t::text FROM {table} t"))  # noqa: S608


@pytest.mark.parametrize(
    ("officer", "changes", "answer"),
    [
        ("counter", {"channel": "online"}, (403, "counter_only")),
        (None, {}, (401, "channel_needs_credential")),
        ("alpha", {}, (403, "channel_needs_credential")),
        ("counter", {"refused": {"reason_code": "mood"}}, (422, "unknown_reason")),
        ("counter", {"refused": {"reason_code": "other", "by": "me"}}, (422, "fields")),
        ("counter", {"refused": {"reason_code": "other"}}, (422, "reason_text_missing")),
        (
            "counter",
            {"refused": {"reason_code": "papers_incomplete", "text": " "}},
            (422, "reason_text_missing"),
        ),
    ],
)
async def test_nobody_else_refuses_at_once_and_not_without_a_reason_of_the_list(
    http: httpx.AsyncClient,
    key: dict[str, str],
    officer: str | None,
    changes: dict[str, Any],
    answer: tuple[int, str],
) -> None:
    said = await hand_in(http, key[officer] if officer else None, **changes)
    assert (said.status_code, said.json()["code"]) == answer


async def test_what_a_rule_would_accept_is_refused_where_the_counter_says_so(
    http: httpx.AsyncClient, key: dict[str, str]
) -> None:
    residence = {
        "procedure": "permanent-residence",
        "place": {"dwelling": "00004"},
        "facts": {},
        "delivery": "electronic",
    }
    by_rule = await hand_in(http, key["counter"], **residence, refused=None)
    refused = await hand_in(http, key["machine"], office="CPOL.00004", **residence)
    assert (by_rule.json()["state"], refused.json()["state"]) == ("accepted", "refused")


async def test_an_officer_refuses_on_the_form_and_prints_why(
    door: IntakeContext, http: httpx.AsyncClient
) -> None:
    procedure = city.catalogue().procedure("marriage", FRIDAY.date())
    office = city.catalogue().receiving_office(procedure, {"chosen": "00004"}, FRIDAY.date())
    officer = Officer("canbo.vidu", "Cán bộ Ví Dụ", "counter", office.id)
    http.cookies.set("motcua_intake", await open_session(door.pool, officer))
    form = await http.get("/file/marriage")
    typed = {
        "csrf": hidden(form.text, "csrf"),
        "key": hidden(form.text, "key"),
        "channel": "counter",
        "applicant.name": "Ngô Ví Dụ Việt",
        "applicant.born": "1958-03-01",
        "applicant.id_number": "099058770566",
        "contact.phone": "0900000042",
        "filed_by": "self",
        "place.chosen": "00004",
        "facts.resident_here": "false",
        "delivery": "counter",
        "turn_away": "true",
    }
    unsaid = await http.post("/file/marriage", data=typed)
    assert unsaid.status_code == 422
    words = {f"refused.{name}": value for name, value in FORM_03.items()}
    slip = await http.post("/file/marriage", data=typed | words, follow_redirects=True)
    assert "không được tiếp nhận" in slip.text
    assert FORM_03["text"] in slip.text
