"""A fee before work: a version published while everything runs makes the row from `accepted` real."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.machine.acts import ACTS
from tests.e2e.machine.doors import WARD, City, Dossier, granted
from tests.e2e.machine.table import Place

BY_NAME = {act.name: act for act in ACTS}
COUNTER, RULE = f"PASC-SP.{WARD}", "NQ 77/2025"

FOLDER = Path("deploy/catalogue")
NAME = "procedures/business-household.yaml"
FROM_MONDAY = """- version: 2
  like: 1
  effective_from: 2026-03-09
  effective_to: null
  fees: {counter: 100000, online: 0, before_work_days: 5, evidence: {counter: secondary, online: verified}}
"""
HTML = {"accept": "text/html"}
UNTIL_MONDAY = 3 * 24 * 60


def edition() -> dict[str, str]:
    """The city's own catalogue, with a version of one procedure that asks for its fee first."""
    files = {str(one.relative_to(FOLDER)): one.read_text("utf-8") for one in FOLDER.rglob("*.*")}
    ended = re.sub("effective_to: null", "effective_to: 2026-03-08", files[NAME], count=1)
    return files | {NAME: ended.rstrip() + "\n" + FROM_MONDAY}


@pytest.fixture(scope="module")
def monday(city: City) -> City:
    """The city when that version is in force."""
    operator = {"X-API-Key": city.stack.operator_api_key}
    said = city.http.post(
        f"{city.stack.routing_url}/v1/catalogue", json={"files": edition()}, headers=operator
    )
    assert said.is_success, said.text
    city.minutes_pass(UNTIL_MONDAY)
    return city


def unpaid(city: City) -> tuple[Dossier, dict[str, Any]]:
    """Filed and accepted at the counter, its fee not paid; and how it lies there."""
    dossier = city.files(
        "counter",
        procedure="business-household",
        place={"chosen": WARD, "business": WARD},
        facts={"trade": "quán ăn"},
        papers=[{"type": "DON-HKD", "file": "don.pdf", "bytes": 71680}],
    )
    city.stands(dossier, Place("submitted"))
    assert BY_NAME["accept"].do(city, dossier)
    life = city.stands(dossier, Place("payment_requested"))
    dossier.place = Place("payment_requested")
    return dossier, next(one for one in life["tasks"] if one["kind"] == "receive")


def steps(life: dict[str, Any]) -> list[str]:
    """Of which steps somebody has, or had, the work in hands."""
    return [one["step"] for one in life["tasks"] if one["queued_at"] and one["kind"] == "step"]


def refused(answer: httpx.Response) -> str:
    """By which name."""
    assert not granted(answer), answer.text
    return answer.json()["code"]


def test_accepted_and_unpaid_it_waits_and_paid_it_is_worked_on(monday: City) -> None:
    dossier, _ = unpaid(monday)
    life = monday.life(dossier)
    facts = [(line["because"], line["state"]) for line in life["history"]]
    assert facts[1:] == [
        ("dossier.accepted.v1", "accepted"),
        ("dossier.payment_requested.v1", "payment_requested"),
    ]
    assert (life["current_due_at"], steps(life)) == (None, [])
    assert BY_NAME["pay"].do(monday, dossier)
    assert steps(monday.stands(dossier, Place("in_process")))


def test_the_counter_waives_the_fee_by_a_rule_and_the_work_begins(monday: City) -> None:
    dossier, lies = unpaid(monday)
    page = monday.officers[COUNTER].get(
        f"{monday.stack.routing_url}/desk/tasks/{lies['task_id']}", headers=HTML
    )
    assert ("/waive-fee" in page.text, "/ask-stop" in page.text) == (True, True)
    assert refused(monday.by_officer(lies, "waive-fee", {})) == "rule_missing"
    by_operator = monday.by_operator(lies, "waive-fee", {"office": COUNTER, "rule": RULE})
    assert refused(by_operator) == "operator_never_decides"
    assert steps(monday.life(dossier)) == []
    assert granted(monday.by_officer(lies, "waive-fee", {"rule": RULE}))
    life = monday.stands(dossier, Place("in_process"))
    assert (steps(life)[:1], life["request"]) == (["intake"], None)
    waived = [line for line in life["history"] if line["because"] == "dossier.fee_waived.v1"]
    assert [line["actor"]["office"] for line in waived[:1]] == [COUNTER]
    assert not BY_NAME["pay"].do(monday, dossier)


def test_nobody_stops_alone_what_is_never_paid_and_two_of_the_counter_do(monday: City) -> None:
    dossier, lies = unpaid(monday)
    said = {"reason": "Không nộp phí trong thời hạn"}
    assert refused(monday.at_office(lies, "ask-stop", {})) == "reason_missing"
    assert refused(monday.by_officer(lies, "confirm-stop", {})) == "no_stop_to_confirm"
    assert granted(monday.at_office(lies, "ask-stop", said))
    assert not granted(monday.at_office(lies, "confirm-stop", {}))
    assert monday.life(dossier)["state"] == "payment_requested"
    assert granted(monday.by_officer(lies, "confirm-stop", {}))
    life = monday.stands(dossier, Place("stopped"))
    assert (life["holder"], steps(life), life["request"]) == (None, [], None)


def test_who_wrote_a_stop_does_not_confirm_it(monday: City) -> None:
    dossier, lies = unpaid(monday)
    assert granted(monday.by_officer(lies, "ask-stop", {"reason": "Không nộp phí"}))
    assert refused(monday.by_officer(lies, "confirm-stop", {})) == "second_person_needed"
    assert monday.life(dossier)["state"] == "payment_requested"


def test_a_fee_not_owed_before_the_work_leaves_reception_to_the_counter(monday: City) -> None:
    dossier = monday.files("counter")
    monday.stands(dossier, Place("submitted"))
    [lies] = monday.life(dossier)["tasks"]
    assert refused(monday.by_officer(lies, "waive-fee", {"rule": RULE})) == "decided_at_the_counter"
