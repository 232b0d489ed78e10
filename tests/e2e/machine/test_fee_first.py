"""A fee before work: a version published while everything runs makes the row from `accepted` real."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.machine.acts import ACTS
from tests.e2e.machine.doors import WARD, City
from tests.e2e.machine.table import Place

FOLDER = Path("deploy/catalogue")
NAME = "procedures/business-household.yaml"
FROM_MONDAY = """- version: 2
  like: 1
  effective_from: 2026-03-09
  effective_to: null
  fees: {counter: 100000, online: 0, before_work_days: 5, evidence: {counter: secondary, online: verified}}
"""
UNTIL_MONDAY = 3 * 24 * 60


def edition() -> dict[str, str]:
    """The city's own catalogue, with a version of one procedure that asks for its fee first."""
    files = {str(one.relative_to(FOLDER)): one.read_text("utf-8") for one in FOLDER.rglob("*.*")}
    ended = re.sub("effective_to: null", "effective_to: 2026-03-08", files[NAME], count=1)
    return files | {NAME: ended.rstrip() + "\n" + FROM_MONDAY}


def test_accepted_and_unpaid_it_waits_and_paid_it_is_worked_on(city: City) -> None:
    operator = {"X-API-Key": city.stack.operator_api_key}
    said = city.http.post(
        f"{city.stack.routing_url}/v1/catalogue", json={"files": edition()}, headers=operator
    )
    assert said.is_success, said.text
    city.minutes_pass(UNTIL_MONDAY)
    dossier = city.files(
        "counter",
        procedure="business-household",
        place={"chosen": WARD, "business": WARD},
        facts={"trade": "quán ăn"},
        papers=[{"type": "DON-HKD", "file": "don.pdf", "bytes": 71680}],
    )
    city.stands(dossier, Place("submitted"))
    act = {one.name: one for one in ACTS}
    assert act["accept"].do(city, dossier)
    life = city.stands(dossier, Place("payment_requested"))
    dossier.place = Place("payment_requested")
    facts = [(line["because"], line["state"]) for line in life["history"]]
    assert facts[1:] == [
        ("dossier.accepted.v1", "accepted"),
        ("dossier.payment_requested.v1", "payment_requested"),
    ]
    assert life["current_due_at"] is None
    assert act["pay"].do(city, dossier)
    city.stands(dossier, Place("in_process"))
