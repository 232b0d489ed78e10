"""Wrong requests of operators, the same everywhere: held records, figures. A row each, with its answer."""

import pytest

from tests.integration.doors.asking import Ask, Row, expected, met
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration

ROWS: list[Row] = [
    ("held: word", Ask("GET /v1/held/one", key="operator"), "422 invalid held_id"),
    ("held: huge", Ask("GET /v1/held/99999999999999999999", key="operator"), "422 invalid held_id"),
    ("held: minus", Ask("GET /v1/held/-1", key="operator"), "422 invalid held_id"),
    (
        "held: replay huge",
        Ask("POST /v1/held/99999999999999999999/replay", key="operator"),
        "422 invalid held_id",
    ),
    ("held: drop without reason", Ask("POST /v1/held/1/drop", key="operator", json={}), "422 invalid reason"),
    (
        "held: drop blank",
        Ask("POST /v1/held/1/drop", key="operator", json={"reason": "     "}),
        "422 invalid reason",
    ),
    (
        "held: drop nul",
        Ask("POST /v1/held/1/drop", key="operator", json={"reason": "abc\x00"}),
        "422 invalid reason",
    ),
    ("held: not operator", Ask("GET /v1/held", key="counter"), "403 forbidden"),
    ("held page: huge", Ask("GET /held/99999999999999999999", key="operator"), "422 invalid held_id"),
    ("held: closed word", Ask("GET /v1/held?closed=perhaps", key="operator"), "422 invalid closed"),
    ("operations: nobody", Ask("GET /v1/operations", "routing"), "401 unauthenticated"),
]


async def test_each_gets_the_answer_of_its_row(doors: Doors) -> None:
    assert await met(doors, ROWS) == expected(ROWS)
