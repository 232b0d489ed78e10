"""Bounds of a JSON body, checked before anything is made of it.

The body is scanned, not parsed: 80,000 empty lists are many objects for Python, and each costs the collector.
The scan ends at the first list or map beyond its bounds.
"""

import re
from dataclasses import dataclass

from shared.errors import FieldError
from shared.web.protection.route_limits import RouteLimits
from shared.web.words import field_error

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
TOKENS_OF_A_VALUE = 5
"""At most: name, opening and closing bracket, string, comma. A body with more is no JSON."""

NAMED_STEPS = 3
NAMED_CHARACTERS = 100


def json_problem(body: bytes, limits: RouteLimits) -> FieldError | None:
    """The field of a JSON body that is beyond these limits; None for any other body.

    A body that is no JSON is left to its route. Few commas and brackets mean few values.
    """
    brackets = body.count(b"[") + body.count(b"{")
    if brackets <= limits.depth and brackets + body.count(b",") < limits.items:
        return None
    if body.lstrip()[:1] not in {b"[", b"{"}:
        return None
    return _scan(body, limits)


def _scan(body: bytes, limits: RouteLimits) -> FieldError | None:
    """The first list or map that is too long or too deep, or with which the values are too many."""
    open_containers: list[_Container] = []
    values = 0
    for number, match in enumerate(_TOKEN.finditer(body)):
        sign = match[0][:1]
        if sign in b"[{":
            open_containers.append(_Container(is_map=sign == b"{"))
        elif not open_containers or number > TOKENS_OF_A_VALUE * limits.values:
            return None
        elif sign in b"]}":
            open_containers.pop()
        else:
            open_containers[-1].add(match[0])
        values += sign in b"[{,"
        code = _excess(open_containers, values, limits)
        if code:
            return _error(open_containers[:-1], code, limits)
    return None


@dataclass(slots=True)
class _Container:
    """A list or a map that is not closed yet. `name`: the key in a map that stands before what comes now."""

    is_map: bool
    commas: int = 0
    name: bytes = b""
    is_named: bool = False

    def add(self, token: bytes) -> None:
        """Take a comma, the name of a value, or a string."""
        if token == b",":
            self.commas, self.is_named = self.commas + 1, False
        elif not self.is_named:
            self.name, self.is_named = token[1:-1], True


def _excess(open_containers: list[_Container], values: int, limits: RouteLimits) -> str:
    if len(open_containers) > limits.depth:
        return "too_deep"
    if open_containers and open_containers[-1].commas >= limits.items:
        return "too_many_items"
    return "too_many_values" if values > limits.values else ""


def _error(outer: list[_Container], code: str, limits: RouteLimits) -> FieldError:
    """The error of what is inside these; of its path as much is named as helps a person to find it."""
    most = {"too_deep": limits.depth, "too_many_items": limits.items, "too_many_values": limits.values}[code]
    steps = [_step(container) for container in outer[:NAMED_STEPS]]
    return field_error(".".join(steps)[:NAMED_CHARACTERS] or "body", code, most=most)


def _step(container: _Container) -> str:
    return container.name.decode(errors="replace") if container.is_map else str(container.commas)
