"""Wrong requests at routing: tasks, acts, cases. A row each, with its exact answer."""

from uuid import uuid4

import pytest

from tests.builders.hostile import DEEP
from tests.integration.doors.asking import LONG, PAGE, Ask, Row, acting, expected, met
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration

ROWS: list[Row] = [
    ("tasks: nobody", Ask("GET /v1/tasks", "routing"), "401 unauthenticated"),
    ("tasks: wrong key", Ask("GET /v1/tasks", "routing", "mc_wrong"), "401 unauthenticated"),
    ("tasks: other party", Ask("GET /v1/tasks?party=wards", "routing", "city-police"), "403 forbidden"),
    (
        "tasks: office nul",
        Ask("GET /v1/tasks?office=%00", "routing", "operator"),
        "422 bad_characters address",
    ),
    (
        "tasks: office long",
        Ask(f"GET /v1/tasks?office={'x' * 81}", "routing", "operator"),
        "422 invalid office",
    ),
    (
        "tasks: cursor rubbish",
        Ask("GET /v1/tasks?after=rubbish", "routing", "operator"),
        "422 bad_cursor after",
    ),
    (
        "tasks: cursor year",
        Ask("GET /v1/tasks?after=0001-01-01T00:00:00%2B14:00|{task}", "routing", "operator"),
        "422 bad_cursor after",
    ),
    (
        "tasks: cursor naive",
        Ask("GET /v1/tasks?after=2026-03-06T09:00:00|{task}", "routing", "operator"),
        "200",
    ),
    (
        "tasks: cursor nul",
        Ask("GET /v1/tasks?after=%00", "routing", "operator"),
        "422 bad_characters address",
    ),
    ("tasks: limit 0", Ask("GET /v1/tasks?limit=0", "routing", "operator"), "422 invalid limit"),
    (
        "tasks: limit long",
        Ask(f"GET /v1/tasks?limit={'9' * 5000}", "routing", "operator"),
        "422 invalid limit",
    ),
    ("tasks: query not utf8", Ask("GET /v1/tasks?office=%ff", "routing", "operator"), "200"),
    ("act: no body", acting(b""), "422 invalid body"),
    ("act: not json", acting(b"{"), "422 invalid body"),
    ("act: list", acting([]), "422 invalid body"),
    ("act: deep", acting(b'{"office": ' + DEEP + b"}"), "422 too_much office.0.0"),
    ("act: not utf8", acting(b'{"office": "\xff"}'), "400 unreadable_body"),
    ("act: surrogate", acting(b'{"office": "\\ud800"}'), "422 invalid office"),
    (
        "act: surrogate reason",
        acting(b'{"office": "HPOL", "reason": "\\ud800"}', "decline"),
        "422 invalid reason",
    ),
    ("act: nothing", acting({}), "422 invalid office"),
    ("act: nul", acting({"office": "a\x00"}), "422 invalid office"),
    ("act: long", acting({"office": LONG}), "422 invalid office"),
    ("act: other's office", acting({"office": "WARD.00070"}), "403 office_not_served"),
    ("act: other party", acting({"office": "HPOL"}, key="wards"), "403 office_not_served"),
    ("act: operator", acting({"office": "HPOL"}, key="operator"), "403 operator_never_decides"),
    (
        "act: no uuid",
        Ask("POST /v1/tasks/1/start", "routing", "city-police", json={"office": "HPOL"}),
        "422 invalid task_id",
    ),
    (
        "act: unknown task",
        Ask(f"POST /v1/tasks/{uuid4()}/start", "routing", "city-police", json={"office": "HPOL"}),
        "404 unknown_task",
    ),
    ("act: unknown act", acting({"office": "HPOL"}, "dance"), "404 not_found"),
    ("act: huge body", acting(b'{"office": "' + b"x" * 5_000_000 + b'"}'), "413 too_large"),
    ("reroute: not operator", acting({"office": "PASC", "reason": "x"}, "reroute"), "403 only_an_operator"),
    (
        "reroute: unknown office",
        acting({"office": "NOWHERE", "reason": "x"}, "reroute", "operator"),
        "409 not_declined",
    ),
    ("case: nul", Ask("GET /v1/cases/%00", "routing", "operator"), "422 bad_characters address"),
    ("case: unknown", Ask("GET /v1/cases/H26.X-260306-9999", "routing", "operator"), "404 unknown_dossier"),
    ("case page: unknown", Ask("GET /dossiers/nothing", "routing", "operator"), "404 case.unknown"),
    ("counts: not operator", Ask("GET /v1/counts", "routing", "counter"), "403 forbidden"),
    (
        "counts: after nul",
        Ask("GET /v1/counts?after=%00", "routing", "operator"),
        "422 bad_characters address",
    ),
    ("board: list unknown", Ask("GET /board/list?of=nothing", "routing", "operator"), "404 not_found"),
    ("desk: nobody", Ask("GET /desk", "routing", headers=PAGE), "303 to /login?next=%2Fdesk"),
]


async def test_each_gets_the_answer_of_its_row(doors: Doors) -> None:
    assert await met(doors, ROWS) == expected(ROWS)
