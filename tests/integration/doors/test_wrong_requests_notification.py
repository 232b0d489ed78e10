"""Wrong requests at notification. A row each, with its exact answer."""

import pytest

from tests.integration.doors.asking import Ask, Row, expected, met
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration

ROWS: list[Row] = [
    ("messages: nobody", Ask("GET /v1/messages?code=abc", "notification"), "401 unauthenticated"),
    ("messages: no code", Ask("GET /v1/messages", "notification", "operator"), "422 invalid code"),
    ("messages: short", Ask("GET /v1/messages?code=a", "notification", "operator"), "422 invalid code"),
    (
        "messages: nul",
        Ask("GET /v1/messages?code=abc%00", "notification", "operator"),
        "422 bad_characters address",
    ),
    ("messages: unknown", Ask("GET /v1/messages?code=abcdef", "notification", "operator"), "200"),
    (
        "messages: state",
        Ask("GET /v1/messages/trouble?state=happy", "notification", "operator"),
        "422 invalid state",
    ),
    ("messages: not operator", Ask("GET /v1/messages/waiting", "notification", "counter"), "403 forbidden"),
    (
        "messages page: nul",
        Ask("GET /messages?code=%00", "notification", "operator"),
        "422 bad_characters address",
    ),
]


async def test_each_gets_the_answer_of_its_row(doors: Doors) -> None:
    assert await met(doors, ROWS) == expected(ROWS)
