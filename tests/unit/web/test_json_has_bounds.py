"""A JSON body beyond the bounds of its route is refused at the field that is too long, without parsing it."""

import orjson
import pytest

from shared.web.protection.json_bounds import json_problem
from shared.web.protection.route_limits import RouteLimits

LIMITS = RouteLimits(items=10, values=40, depth=4)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"papers": [[]] * 11}, "papers", "too_many_items"),
        ({"facts": {f"k{n}": n for n in range(11)}}, "facts", "too_many_items"),
        ({f"k{n}": n for n in range(11)}, "body", "too_many_items"),
        ([0] * 11, "body", "too_many_items"),
        ({"a": 1, "b": {"c": [[1], [2] * 11]}}, "b.c.1", "too_many_items"),
        ({"a": [1, 2], "b": [[[[]]]]}, "b.0.0", "too_deep"),
        ({"a": [[1] * 9] * 9}, "a.3", "too_many_values"),
        ({"a, [b": [0] * 11}, "a, [b", "too_many_items"),
        ({"x" * 500: [0] * 11}, "x" * 100, "too_many_items"),
    ],
)
def test_the_field_is_named(body: object, field: str, code: str) -> None:
    problem = json_problem(orjson.dumps(body), LIMITS)
    assert problem is not None
    assert (problem.field, problem.code) == (field, code)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(orjson.dumps({"papers": [[]] * 10}), id="as many as allowed"),
        pytest.param(orjson.dumps({"text": "[,{" * 100, "more": '"\\[' * 100}), id="signs in texts"),
        pytest.param(b"a=" + b"[,]" * 100, id="a form"),
        pytest.param(b'{"a": ' + b"]" * 100, id="closed too often"),
        pytest.param(b'["' + b"[" * 100, id="a text that does not end"),
        pytest.param(b"[" + b'""' * 100, id="no commas"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_within_its_bounds_or_no_json_is_left_to_its_route(body: bytes) -> None:
    assert json_problem(body, LIMITS) is None


def test_a_body_that_is_no_json_is_scanned_no_further_than_one_that_is() -> None:
    """`""" """…` has no commas to count: the scan ends after as many tokens as its values could have."""
    body = b"[" * 5 + b'""' * 1000
    assert json_problem(body, RouteLimits(depth=10, values=10, items=2)) is None
