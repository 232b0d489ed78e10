"""Every door of one city, from outside: what people send there, and what is seen of a dossier."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from kafka import KafkaProducer

from deploy.local.clock import set_clock
from deploy.local.stack import Stack
from tests.builders.counters import office_of
from tests.e2e.machine.table import Place

OFFICERS = {
    "PASC-SP.00004": "quay.badinh",
    "WARD-EIU.00004": "kinhte.badinh",
    "WARD.00004": "ubnd.badinh",
    "WARD-EIU.00070": "kinhte.hoankiem",
}
HEADS = {"WARD-EIU.00070": "truongphong.hoankiem"}
WARD, MORNING = "00004", datetime.fromisoformat("2026-03-06T09:00:00+07:00")
PAPERS = ("DON-GPXD", "GCN", "BANVE")
PATIENCE_SECONDS = 20
DECLINED = "case.request_declined.v1"
_numbers = count(1)


@dataclass
class Dossier:
    """What its citizen holds, where it should stand, and what must never change."""

    code: str
    id: str
    secret: str
    place: Place
    promised: str | None = None
    had: set[str] = field(default_factory=set)


class City:
    """All doors of one stack, from outside."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = httpx.Client(timeout=20, trust_env=False)
        self.officers = {office: logged_in(stack.routing_url, login) for office, login in OFFICERS.items()}
        self.heads = {office: logged_in(stack.routing_url, login) for office, login in HEADS.items()}
        self.writer = KafkaProducer(bootstrap_servers=stack.kafka, acks="all")
        self.at = MORNING
        self.answer_within = timedelta(seconds=30)

    def close(self) -> None:
        """Hang up."""
        self.http.close()
        for officer in (*self.officers.values(), *self.heads.values()):
            officer.close()
        self.writer.close()

    # what is seen

    def life(self, dossier: Dossier) -> dict[str, Any]:
        """A dossier as routing knows it."""
        url = f"{self.stack.routing_url}/v1/cases/{dossier.code}"
        return self.http.get(url, headers={"X-API-Key": self.stack.operator_api_key}).json()

    def page(self, dossier: Dossier) -> dict[str, Any]:
        """A dossier as its citizen sees it."""
        said = {"code": dossier.code, "secret": dossier.secret}
        return self.http.post(f"{self.stack.intake_url}/v1/tracking", json=said).json()

    def lines(self, dossier: Dossier) -> int:
        """How many things have had an effect on it."""
        return sum(line["type"] != DECLINED for line in self.life(dossier)["history"])

    def stands(self, dossier: Dossier, place: Place) -> dict[str, Any]:
        """Wait until routing and the page say that it stands there."""

        def there() -> dict[str, Any] | None:
            life = self.life(dossier)
            return life if place_of(life) == place and self.page(dossier)["state"] == place.state else None

        return until_seen(there, lambda: f"{dossier.code} at {place}, not {self.life(dossier).get('state')}")

    # the clock

    def now(self) -> datetime:
        """It stands until somebody lets time pass."""
        return self.at

    def minutes_pass(self, so_many: int = 1) -> None:
        """For all of the city."""
        self.becomes(self.at + timedelta(minutes=so_many))

    def becomes(self, at: datetime) -> None:
        """It is then, for all of the city."""
        self.at = at
        asyncio.run(set_clock(self.stack.postgres_url, at))

    # acts

    def files(self, channel: str = "online", **other: Any) -> Dossier:
        """Somebody hands in a building permit, or what else is said."""
        number = next(_numbers)
        said = {
            "procedure": "building-permit-house",
            "channel": channel,
            "place": {"chosen": WARD, "parcel": WARD},
            "applicant": {
                "name": "Nguyễn Ví Dụ Yến",
                "sex": "nữ",
                "born": "1991-10-04",
                "id_number": f"099191{number:06}",
            },
            "contact": {"phone": f"+84900300{number:03}", "language": "vi", "text": "plain"},
            "filed_by": "self",
            "facts": {"floors": 2, "area_m2": 80},
            "papers": [{"type": name, "file": f"{name}.pdf", "bytes": 71680} for name in PAPERS],
            "delivery": "counter",
        } | other
        key = {}
        if channel == "counter":
            key = {"X-API-Key": self.stack.counter_api_key, "X-Office": f"PASC-SP.{WARD}"}
        answer = self.http.post(
            f"{self.stack.intake_url}/v1/dossiers", json=said, headers={"Idempotency-Key": str(uuid4())} | key
        )
        assert answer.status_code == 201, answer.text
        slip = answer.json()
        return Dossier(slip["code"], slip["dossier_id"], slip["secret"], Place(slip["state"]))

    def at_intake(
        self, dossier: Dossier, act: str, said: dict[str, Any], *, key: str | None = None, again: str = ""
    ) -> httpx.Response:
        """An act of the citizen (with the secret) or of the counter (with its key)."""
        officer = {"X-API-Key": key, "X-Office": office_of(dossier.code)} if key else {}
        head = {"Idempotency-Key": again or str(uuid4())} | officer
        own = {} if key else {"secret": dossier.secret}
        url = f"{self.stack.intake_url}/v1/dossiers/{dossier.code}/{act}"
        return self.http.post(url, json=own | said, headers=head)

    def at_office(self, task: dict[str, Any], act: str, said: dict[str, Any]) -> httpx.Response:
        """An act of the office that has the task, by its agency's key."""
        key = {"X-API-Key": self.stack.agencies[task["party"]]}
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return self.http.post(url, json={"office": task["office"]} | said, headers=key)

    def by_operator(self, task: dict[str, Any], act: str, said: dict[str, Any]) -> httpx.Response:
        """What somebody tries who moves work and never decides."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return self.http.post(url, json=said, headers={"X-API-Key": self.stack.operator_api_key})

    def by_head(self, task: dict[str, Any], act: str, said: dict[str, Any]) -> httpx.Response:
        """An act of the head of the office that has the task, logged in."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return self.heads[task["office"]].post(url, json=said)

    def by_officer(self, task: dict[str, Any], act: str, said: dict[str, Any]) -> httpx.Response:
        """An act that only a person of the office may do, logged in."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return self.officers[task["office"]].post(url, json={"office": task["office"]} | said)

    def by_topic(self, dossier: Dossier, task: dict[str, Any], type: str) -> None:
        """The agency's own system says it, twice: a system that got no answer sends again."""
        head = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid4()),
            "ce_type": f"vn.motcua.{type}",
            "ce_source": f"/party/{task['party']}",
            "ce_subject": dossier.id,
            "ce_time": self.now().isoformat(),
        }
        data = {"dossier_id": dossier.id, "task_id": task["task_id"], "office": task["office"]}
        value = json.dumps(data | outcome_of(task)).encode()
        for _ in range(2):
            self.writer.send(
                f"agency.{task['party']}.replies",
                key=dossier.id.encode(),
                value=value,
                headers=[(name, text.encode()) for name, text in head.items()],
            )
        self.writer.flush(10)

    def task(self, dossier: Dossier) -> dict[str, Any] | None:
        """What an office of ours has in hands, or had last."""
        tasks = self.life(dossier)["tasks"]
        steps = [one for one in tasks if one["office"] in self.officers and one["kind"] == "step"]
        held = [one for one in steps if one["state"] in {"queued", "started"}]
        had = [one for one in steps if one["party"]]
        done = [one for one in had if one["state"] == "done"]
        return (held or done[::-1] or had[::-1] or [None])[0]

    def heard(self, dossier: Dossier, fact: str, before: int) -> bool:
        """Wait for what routing made of a request: whether it had its effect."""

        def line() -> dict[str, Any] | None:
            return next(
                (x for x in self.life(dossier)["history"][before:] if x["because"] == f"{fact}.v1"), None
            )

        found = until_seen(line, lambda: f"an answer to {fact} for {dossier.code}")
        return found["type"] != DECLINED


def place_of(life: dict[str, Any]) -> Place | None:
    """The place in a dossier's life as told."""
    if "state" not in life:
        return None
    back = life["resume_to"]
    return Place(life["state"], life["stage"], Place(back["state"], back["stage"]) if back else None)


def outcome_of(task: dict[str, Any]) -> dict[str, str]:
    """Granted, if its outcome decides."""
    return {"outcome": "granted"} if task["outcomes"] else {}


def granted(answer: httpx.Response) -> bool:
    """Whether the door let it pass; what it refuses it names, in both languages, with the remedy."""
    if answer.is_success:
        return True
    assert 400 <= answer.status_code < 500, answer.text
    problem = answer.json()
    assert problem["code"] and problem["vi"] and problem["en"] == problem["detail"], problem
    return False


def logged_in(url: str, login: str) -> httpx.Client:
    """The browser of an officer, which may also speak JSON with its form's token."""
    client = httpx.Client(timeout=20, trust_env=False, follow_redirects=True, headers={"accept": "text/html"})
    page = client.get(f"{url}/login", params={"next": "/desk"}).text
    address = re.search(r'<form method="post" action="([^"]+)"><button class="choice" name="sub"', page)
    assert address, page
    desk = client.post(address[1].replace("&amp;", "&"), data={"sub": login}).text
    token = re.search(r'name="csrf" value="(\w+)"', desk)
    assert token, desk
    client.headers.update({"accept": "application/json", "x-csrf": token[1]})
    return client


def until_seen(look: Callable[[], Any], what: Callable[[], str]) -> Any:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if (seen := look()) is not None:
            return seen
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what()}")
