"""What citizens and counters sent and the door took: each may arrive once more, however late."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.machine.doors import City

OUR_OWN_WORDS = frozenset({
    f"dossier.{fact}.v1"
    for fact in (
        *("submitted", "accepted", "refused", "supplemented", "paid", "returned"),
        *("withdrawal_requested", "withdrawal_cancelled"),
    )
})  # fmt: skip
"""Facts of the door; each has an id of its own, by which it is known again."""


@dataclass(frozen=True)
class Sent:
    """A request that the door took, and its answer."""

    request: httpx.Request
    answer: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.request.method} {self.request.url.path}"


@dataclass
class Listener:
    """Beside the city's wire: notes every filing and act at the door that was taken."""

    city: City
    taken: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.city.http.event_hooks = {"response": [self._note]}

    def again(self, one: Sent) -> httpx.Response:
        """The very same bytes once more."""
        self.city.http.event_hooks = {}
        try:
            return self.city.http.send(one.request)
        finally:
            self.city.http.event_hooks = {"response": [self._note]}

    def _note(self, response: httpx.Response) -> None:
        at_the_door = response.request.url.path.startswith("/v1/dossiers")
        if response.is_success and at_the_door and "idempotency-key" in response.request.headers:
            response.read()
            self.taken.append(Sent(response.request, response.json()))


def told_once(records: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether no word of the door had its effect twice. `records`: the type and what each says."""
    words = [(type_, said["because_id"]) for type_, said in records if said["because"] in OUR_OWN_WORDS]
    return len(words) == len(set(words))
