"""What people do to a dossier, the fact each should become, and where the published table says it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.e2e.machine.doors import City, Dossier, granted, outcome_of, until_seen
from tests.e2e.machine.table import ACCEPTED, SUPPLEMENT, WITHDRAWAL, Place, row_of

Doing = Callable[[City, Dossier], bool]
Saying = Callable[[City], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """Something somebody does, the fact it should become, and how it is done: True if it had its effect."""

    name: str
    fact: str
    do: Doing
    needs_a_task: bool = False

    def __repr__(self) -> str:
        return self.name


def after(place: Place, fact: str) -> Place | None:
    """Where the file says this leads; an accepted dossier is routed at once."""
    row = row_of(place, fact)
    there = row.leads(place) if row else None
    is_accepted = there == ACCEPTED and place.state != WITHDRAWAL
    return after(ACCEPTED, "dossier.routed") if is_accepted else there


def _decides(act: str, fact: str, said: dict[str, Any]) -> Doing:
    """Told again a decision is answered as before, and changes nothing."""

    def do(city: City, dossier: Dossier) -> bool:
        answer = city.at_intake(dossier, act, said, key=city.stack.counter_api_key)
        return granted(answer) and fact not in dossier.had

    return do


def _requests(act: str, fact: str, said: Saying, *, at_counter: bool) -> Doing:
    def do(city: City, dossier: Dossier) -> bool:
        before = len(city.life(dossier)["history"])
        key = city.stack.counter_api_key if at_counter else None
        answer = city.at_intake(dossier, act, said(city), key=key)
        return (
            granted(answer) and not says_it_again(dossier.place, fact) and city.heard(dossier, fact, before)
        )

    return do


def says_it_again(place: Place, fact: str) -> bool:
    """What has had its effect is no request any more: it gets no second answer."""
    return (place.state, fact) in {
        (WITHDRAWAL, "dossier.withdrawal_requested"),
        ("returned", "dossier.returned"),
    }


def _asks(act: str, said: Saying, *, person: bool = False) -> Doing:
    """Told twice is answered as before, and leaves no line."""

    def do(city: City, dossier: Dossier) -> bool:
        task, lines = city.task(dossier), city.lines(dossier)
        assert task is not None
        send = city.by_officer if person else city.at_office
        return granted(send(task, act, said(city))) and city.lines(dossier) > lines

    return do


def _stops_at_the_door(city: City, dossier: Dossier) -> bool:
    """A stop needs a reason that stands: a withdrawal, or a time to answer that is over."""
    if dossier.place == Place(SUPPLEMENT, "intake"):
        city.becomes(city.now() + 2 * city.answer_within)
    return _requests("stop", "dossier.stopped", lambda _: {}, at_counter=True)(city, dossier)


def _stops_at_work(city: City, dossier: Dossier) -> bool:
    """One person writes form 05, another confirms; a withdrawal needs no second person."""
    task = city.task(dossier)
    assert task is not None
    lines = city.lines(dossier)
    if not granted(city.at_office(task, "ask-stop", {"reason": "Không bổ sung trong thời hạn"})):
        return False
    confirmed = dossier.place.state == WITHDRAWAL or granted(city.by_officer(task, "confirm-stop", {}))
    return confirmed and city.lines(dossier) > lines


def _finishes(city: City, dossier: Dossier) -> bool:
    """Every office does its step, an agency's system by its topic; the last word ends the dossier.

    A letter is signed first, and questions that nobody has answered are closed. Where the citizen is awaited
    each step is said by HTTP: the one whose office asked is refused by name.
    """
    lines = city.lines(dossier)
    while held := [x for x in city.life(dossier)["tasks"] if x["state"] in {"queued", "started"}]:
        kind, task = min((KINDS.index(one["kind"]), n) for n, one in enumerate(held))
        if not _does_its_part(city, dossier, held[task], held, KINDS[kind]):
            return False
    return city.life(dossier)["state"] == "completed" and city.lines(dossier) > lines


KINDS = ("letter", "question", "step", "receive")
LEFT = frozenset({"waiting", "queued", "started"})
"""Still to be done. The last of it (after a recall, any step) is said where it is answered."""


def _does_its_part(
    city: City, dossier: Dossier, task: dict[str, Any], held: list[dict[str, Any]], kind: str
) -> bool:
    if kind == "letter":
        return granted(city.at_office(task, "sign", _signature(city)))
    if kind == "question":
        lead = next(one for one in held if task["step"].startswith(f"{one['step']}/"))
        return granted(city.at_office(lead, "close-query", {"reason": "Đã đủ ý kiến"}))
    life = city.life(dossier)
    left = [one for one in life["tasks"] if one["kind"] == "step" and one["state"] in LEFT]
    own = [one for one in held if one["party"] not in AT_A_DESK]
    if kind == "step" and own and len(left) > 1 and life["state"] == "in_process":
        city.by_topic(dossier, own[0], "task.completed.v1")
        _until_done(city, dossier, own[0])
        return True
    return granted(city.at_office(task, "complete", outcome_of(task)))


def _signature(city: City) -> dict[str, Any]:
    """The head names a day of their own: the draft's may be over."""
    return {"signed_by": "Trưởng phòng", "new_day": (city.now() + timedelta(days=5)).date().isoformat()}


def _until_done(city: City, dossier: Dossier, task: dict[str, Any]) -> None:
    def is_done() -> bool | None:
        tasks = city.life(dossier)["tasks"]
        return any(one["task_id"] == task["task_id"] and one["state"] == "done" for one in tasks) or None

    until_seen(is_done, lambda: f"{task['step']} of {dossier.code} to be done")


def _papers(city: City) -> dict[str, Any]:
    """A second request needs the rest, so each has it."""
    by = (city.now() + city.answer_within).isoformat()
    return {
        "items": ["GCN"],
        "answer_by": by,
        "basis": "Luật Xây dựng, điều 103",
        "approved_by": "Trưởng phòng",
    }


def _fee(city: City) -> dict[str, Any]:
    return {"amount": 150_000, "pay_by": (city.now() + timedelta(days=5)).isoformat()}


def _at_counter(name: str, act: str, fact: str, said: Saying) -> Act:
    return Act(name, fact, _requests(act, fact, said, at_counter=True))


def _by_citizen(act: str, fact: str) -> Act:
    return Act(act, fact, _requests(act, fact, lambda _: {}, at_counter=False))


def _at_work(name: str, fact: str, do: Doing) -> Act:
    return Act(name, fact, do, needs_a_task=True)


PAID: dict[str, Any] = {"amount": 150_000, "receipt_ref": "BL-1"}
HANDED: dict[str, Any] = {"how": "counter", "to": "self"}
NO: dict[str, Any] = {"reason_code": "papers_incomplete", "text": "Thiếu giấy tờ"}
WAIVED: dict[str, Any] = {"rule": "NQ 77/2025"}
DEFECT: dict[str, Any] = {"reason": "Sai số thửa"}

AT_A_DESK = frozenset({"wards", "pasc"})
"""Parties without a system of their own."""

ACTS = (
    Act("accept", "dossier.accepted", _decides("accept", "dossier.accepted", {})),
    Act("refuse", "dossier.refused", _decides("refuse", "dossier.refused", NO)),
    _at_counter("ask papers at the door", "ask-supplement", "dossier.supplement_requested", _papers),
    _at_counter("bring papers", "supplement", "dossier.supplemented", lambda _: {"items": ["GCN"]}),
    _by_citizen("withdraw", "dossier.withdrawal_requested"),
    _by_citizen("keep", "dossier.withdrawal_cancelled"),
    Act("stop at the door", "dossier.stopped", _stops_at_the_door),
    _at_counter("pay", "payment", "dossier.paid", lambda _: PAID),
    _at_counter("hand over", "return", "dossier.returned", lambda _: HANDED),
    _at_work("ask papers at work", "dossier.supplement_requested", _asks("ask-supplement", _papers)),
    _at_work("ask a fee", "dossier.payment_requested", _asks("ask-payment", _fee)),
    _at_work("waive the fee", "dossier.fee_waived", _asks("waive-fee", lambda _: WAIVED, person=True)),
    _at_work("stop at work", "dossier.stopped", _stops_at_work),
    _at_work("finish", "dossier.completed", _finishes),
    _at_work("recall", "dossier.result_recalled", _asks("recall", lambda _: DEFECT)),
)
AT_WORK_ONLY = {"ask papers at work", "stop at work"}
AT_DOOR_ONLY = {"ask papers at the door", "stop at the door"}


def leads(place: Place, act: Act) -> Place | None:
    """Where this act takes a dossier that stands there, None: it is refused. A row belongs to one service."""
    row = row_of(place, act.fact)
    if row is None or (act.name in AT_DOOR_ONLY and row.owner != "intake"):
        return None
    return None if act.name in AT_WORK_ONLY and row.owner != "routing" else after(place, act.fact)
