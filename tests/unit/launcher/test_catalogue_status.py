"""`motcua catalogue status`: what each service has of the catalogue, and what it refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.cli import catalogue, exits

STACK = SimpleNamespace(routing_url="routing", intake_url="intake", notification_url="notification")


def copy(messages: str = "2", refused: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {
        "in_force": {"calendar": "1", "messages": messages},
        "refused": refused or [],
        "covers_until": "2027-12-31",
        "days_left": 20,
        "ends_soon": True,
        "unconfirmed_days": [{"day": "2027-02-04", "name": "Tết", "name_en": "New Year"}],
    }


def status(monkeypatch: pytest.MonkeyPatch, notification: dict[str, Any]) -> int:
    copies = {"routing": copy(), "intake": copy(), "notification": notification}

    @contextmanager
    def calling(url: str) -> Iterator[str]:
        yield url

    monkeypatch.setattr(catalogue, "read_stack", lambda: STACK)
    monkeypatch.setattr(catalogue, "calling", calling)
    monkeypatch.setattr(catalogue, "read", lambda client, path: copies[client])
    return catalogue.status()


def test_services_that_go_by_what_is_published_are_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(monkeypatch, copy()) == exits.DONE
    printed = capsys.readouterr()
    assert "covers until 2027-12-31; 20 days are left" in printed.out
    assert "publish the next calendar" in printed.err
    assert "2027-02-04 (New Year)" in printed.err


def test_a_refused_edition_is_named_with_its_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {"item": "messages", "digest": "2", "fault": "templates.completed: is missing"}
    assert status(monkeypatch, copy("1", [refused])) == exits.FAILED
    printed = capsys.readouterr()
    assert "notification refused messages 2: templates.completed: is missing" in printed.err
    assert "notification\t2\tmessages\t1" in printed.out
