"""Wrong requests at intake: filing, tracking, the counter, pages. A row each, with its exact answer."""

import pytest

from shared.web.protection.request_limits import RequestLimits
from shared.web.protection.security_headers import Receive, Scope, Send
from tests.builders.hostile import DEEP, LONG_NUMBER
from tests.builders.intake import JUDICIAL, body
from tests.integration.doors.asking import FORM, JSON, LONG, PAGE, Ask, Row, expected, filing, met
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration

ROWS: list[Row] = [
    ("filing: not JSON", filing(b"{"), "422 fields body"),
    ("filing: nothing", filing(b""), "422 fields body"),
    ("filing: a list", filing([]), "422 fields body"),
    ("filing: not UTF-8", filing(b'{"procedure": "\xff"}'), "422 fields body"),
    ("filing: a lone surrogate", filing(b'{"procedure": "\\ud800"}'), "422 fields body"),
    ("filing: deep", filing(b'{"facts": ' + DEEP + b"}"), "422 too_much facts.0.0"),
    (
        "filing: nested by hundreds",
        filing(b'{"facts": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}"),
        "422 too_much facts.a.0",
    ),
    (
        "filing: nested within its limit",
        filing(body(facts={"a": [[[[[1]]]]]})),
        "422 fields facts.a",
    ),
    ("filing: long number", filing(b'{"facts": ' + LONG_NUMBER + b"}"), "422 fields body"),
    (
        "filing: big number",
        filing(body(papers=[{"type": "TOKHAI", "file": "a.pdf", "bytes": 2**63}])),
        "422 fields papers.0.bytes",
    ),
    ("filing: infinite", filing(b'{"facts": {"a": 1e400}}'), "422 fields body"),
    ("filing: too large", filing(b" " * 300_000), "413 too_large"),
    ("filing: no key", Ask("POST /v1/dossiers", json=JUDICIAL), "422 key_needed Idempotency-Key"),
    (
        "filing: key no UUID",
        filing(JUDICIAL, headers={"Idempotency-Key": "1"}),
        "422 key_needed Idempotency-Key",
    ),
    ("filing: nul", filing(body(applicant__name="Ngô\x00Việt")), "422 fields applicant.name"),
    ("filing: nul in facts", filing(body(facts={"for_use": "a\x00b"})), "422 fields facts.for_use"),
    ("filing: unknown procedure", filing(body(procedure="unicorn")), "422 fields procedure"),
    (
        "filing: unknown ward",
        filing(body(procedure="marriage", place={"chosen": "99999"})),
        "422 fields place.chosen",
    ),
    (
        "filing: former ward",
        filing(body(procedure="marriage", place={"chosen": "00478"})),
        "422 fields place.chosen",
    ),
    ("filing: channel not known", filing(body(channel="pigeon")), "422 fields channel"),
    ("filing: channel not allowed", filing(body(channel="investor")), "401 channel_needs_credential channel"),
    (
        "filing: channel counter without key",
        filing(body(channel="counter")),
        "401 channel_needs_credential channel",
    ),
    (
        "filing: channel counter by investor",
        filing(body(channel="counter"), key="alpha"),
        "403 channel_needs_credential channel",
    ),
    ("filing: unknown field", filing(body(surprise=1)), "422 fields surprise"),
    ("filing: wrong types", filing(body(papers="many")), "422 fields papers"),
    ("filing: papers of numbers", filing(body(papers=[1, 2])), "422 fields papers.0"),
    ("filing: long name", filing(body(applicant__name=LONG)), "422 fields applicant.name"),
    ("filing: SQL", filing(body(procedure="x'; DROP TABLE dossiers; --")), "422 fields procedure"),
    ("filing: year 10000", filing(body(applicant__born="10000-01-01")), "422 fields applicant.born"),
    ("filing: year 0", filing(body(applicant__born="0000-01-01")), "422 fields applicant.born"),
    ("filing: in the future", filing(body(applicant__born="2030-01-01")), "422 fields applicant.born"),
    ("filing: keys with dots", filing(body(facts={"a.b": 1, "": 2})), "422 fields facts.a.b"),
    ("filing: wrong content type", filing(b"a=1", headers=FORM), "403 csrf"),
    ("filing: xml", filing(b"<a/>", headers={"Content-Type": "application/xml"}), "422 fields body"),
    ("filing: wrong API key", filing(JUDICIAL, key="nobody"), "401 unauthenticated"),
    (
        "filing: key with nul",
        filing(JUDICIAL, headers={"Authorization": "Bearer a.b"}),
        "401 unauthenticated",
    ),
    ("filing: authorization basic", filing(JUDICIAL, headers={"Authorization": "Basic YTpi"}), "201"),
    ("filing: wrong method", Ask("PUT /v1/dossiers", json=JUDICIAL), "405 method_not_allowed"),
    ("unknown path", Ask("GET /v1/nothing"), "404 not_found"),
    ("unknown page", Ask("GET /nothing", headers=PAGE), "404 page"),
    ("path nul", Ask("GET /v1/procedures/%00"), "422 bad_characters address"),
    ("path not utf8", Ask("GET /v1/procedures/%ff"), "404 no_such_procedure"),
    ("tracking: no body", Ask("POST /v1/tracking", content=b""), "422 invalid body"),
    ("tracking: not json", Ask("POST /v1/tracking", content=b"{", headers=JSON), "422 invalid body"),
    ("tracking: deep", Ask("POST /v1/tracking", content=DEEP, headers=JSON), "422 too_much 0.0.0"),
    (
        "tracking: long number",
        Ask("POST /v1/tracking", content=LONG_NUMBER, headers=JSON),
        "400 unreadable_body",
    ),
    (
        "tracking: not utf8",
        Ask("POST /v1/tracking", content=b'{"code": "\xff", "secret": ""}', headers=JSON),
        "400 unreadable_body",
    ),
    (
        "tracking: surrogate",
        Ask("POST /v1/tracking", content=b'{"code": "\\ud800", "secret": "\\ud800"}', headers=JSON),
        "422 invalid code",
    ),
    ("tracking: nul", Ask("POST /v1/tracking", json={"code": "a\x00", "secret": "\x00"}), "422 invalid code"),
    (
        "tracking: huge",
        Ask("POST /v1/tracking", json={"code": "x" * 200_000, "secret": "x"}),
        "422 invalid code",
    ),
    (
        "tracking: larger than its route allows",
        Ask("POST /v1/tracking", json={"code": "x" * 300_000, "secret": "x"}),
        "413 too_large",
    ),
    (
        "tracking: huge body",
        Ask("POST /v1/tracking", content=b" " * 3_000_000 + b"{}", headers=JSON),
        "413 too_large",
    ),
    (
        "tracking: form content type",
        Ask("POST /v1/tracking", form={"code": "a", "secret": "b"}),
        "422 invalid body",
    ),
    (
        "tracking: unknown",
        Ask("POST /v1/tracking", json={"code": "H26.X-260306-9999", "secret": "AAAAAAAAAA"}),
        "404 not_found",
    ),
    ("tracking page: csrf", Ask("POST /track/close", headers=PAGE), "303 to /track?new=true"),
    ("tracking page nul", Ask("POST /track", form={"code": "a\x00", "secret": "\x00"}), "422 invalid secret"),
    ("tracking page long", Ask("POST /track", form={"code": "a" * 100, "secret": "b"}), "422 invalid code"),
    ("tracking link nul", Ask("GET /t/%00"), "422 bad_characters address"),
    ("file page without token", Ask("POST /file/marriage", form={"a": "b"}), "403 csrf"),
    ("file page unknown", Ask("GET /file/unicorn"), "404 no_such_procedure"),
    (
        "file form huge",
        Ask("POST /file/marriage", content=b"a=" + b"x" * 5_000_000, headers=FORM),
        "413 too_large",
    ),
    (
        "file form many fields",
        Ask("POST /file/marriage", content=b"&".join(b"a%d=1" % n for n in range(5000)), headers=FORM),
        "400 unreadable_body",
    ),
    (
        "file form bad multipart",
        Ask("POST /file/marriage", content=b"xx", headers={"Content-Type": "multipart/form-data"}),
        "400 unreadable_body",
    ),
    (
        "file form bad multipart 2",
        Ask(
            "POST /file/marriage", content=b"xx", headers={"Content-Type": "multipart/form-data; boundary=a"}
        ),
        "400 unreadable_body",
    ),
    (
        "cookie rubbish",
        Ask("GET /track", headers={"Cookie": "motcua_track=%%%; motcua_intake=\x7f"}),
        "200 page",
    ),
    ("cookie unpadded", Ask("GET /slip", headers={"Cookie": "motcua_slip=AAAA"}), "303 to /track"),
    ("counter: nobody", Ask("POST /v1/dossiers/{code}/accept"), "401 unauthenticated"),
    ("counter: investor", Ask("POST /v1/dossiers/{code}/accept", key="alpha"), "403 not_your_office"),
    ("counter: operator", Ask("POST /v1/dossiers/{code}/accept", key="operator"), "403 forbidden"),
    (
        "counter: unknown code",
        Ask("POST /v1/dossiers/H26.X-260306-9999/accept", key="counter"),
        "404 no_such_dossier",
    ),
    ("counter: code nul", Ask("POST /v1/dossiers/%00/accept", key="counter"), "422 bad_characters address"),
    ("counter: code sql", Ask("POST /v1/dossiers/'%20OR%201=1/accept", key="counter"), "404 no_such_dossier"),
    (
        "counter: code long",
        Ask(f"POST /v1/dossiers/{'x' * 5000}/accept", key="counter"),
        "404 no_such_dossier",
    ),
    (
        "counter: refuse nothing",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={}),
        "422 invalid reason_code",
    ),
    (
        "counter: refuse mood",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "mood"}),
        "422 unknown_reason reason_code",
    ),
    (
        "counter: refuse without saying what",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "papers_incomplete"}),
        "422 reason_text_missing text",
    ),
    (
        "counter: refuse nul reason",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "a\x00"}),
        "422 unknown_reason reason_code",
    ),
    (
        "counter: refuse nul",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "other", "text": "\x00"}),
        "422 invalid text",
    ),
    (
        "counter: refuse long",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "other", "text": LONG}),
        "422 invalid text",
    ),
    (
        "counter: refuse extra",
        Ask("POST /v1/dossiers/{code}/refuse", key="counter", json={"reason_code": "other", "x": 1}),
        "422 invalid x",
    ),
    ("counter list: page 0", Ask("GET /v1/counter?page=0", key="counter"), "422 invalid page"),
    ("counter list: page word", Ask("GET /v1/counter?page=one", key="counter"), "422 invalid page"),
    ("counter list: limit", Ask("GET /v1/counter?limit=100000", key="counter"), "422 invalid limit"),
    (
        "counter list: office nul",
        Ask("GET /v1/counter?office=%00", key="operator"),
        "422 bad_characters address",
    ),
    ("counter list: office unknown", Ask("GET /v1/counter?office=NOWHERE", key="counter"), "403 forbidden"),
    ("counter list: state", Ask("GET /v1/counter?state=accepted", key="counter"), "422 invalid state"),
    ("counter dossier page", Ask("GET /counter/%00", key="counter"), "422 bad_characters address"),
    ("operator: dossier nul", Ask("GET /v1/dossiers/%00", key="operator"), "422 bad_characters address"),
    (
        "operator: dossier unknown",
        Ask("GET /v1/dossiers/H26.X-260306-9999", key="operator"),
        "404 no_such_dossier",
    ),
    ("host rubbish", Ask("GET /v1/procedures", headers={"Host": "evil\\x"}), "200"),
    ("traceparent rubbish", filing(JUDICIAL, headers={"traceparent": "x" * 10_000}), "201"),
    ("accept rubbish", Ask("GET /v1/nothing", headers={"Accept": "x" * 10_000}), "404 not_found"),
]


async def test_each_gets_the_answer_of_its_row(doors: Doors) -> None:
    assert await met(doors, ROWS) == expected(ROWS)


async def test_a_door_that_looks_at_no_address_is_caught(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks_away(self: RequestLimits, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    monkeypatch.setattr(RequestLimits, "__call__", looks_away)
    rows = [row for row in ROWS if row[0] == "counter list: office nul"]
    assert await met(doors, rows) == {"counter list: office nul": "500 page"}
