"""What offices, their heads and operators do with the steps themselves, and what the door should answer.

Each model is read off what anyone may see of the dossier; `None`: it has its effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx

from tests.clock.by_hand.wall import Wall
from tests.e2e.machine.doors import City, granted
from tests.e2e.machine.laws import CALENDAR, Life, dossier_by_hand

Task = dict[str, Any]
TOLD_TWICE = "(told twice)"
"""No refusal: answered as before, and nothing happens."""

IN_HANDS = frozenset({"queued", "started"})
OF_THE_DATE = frozenset({"no_date_to_extend", "extension_too_late", "extension_too_long"})
ASKS, MOST_DAYS = "consult", 10
MAY_BE_ASKED = ("PLAN", "FIRE", "POWER", "WATER")
DECIDES = (
    *("start", "complete", "decline", "ask-supplement", "ask-payment", "waive-fee", "ask-stop"),
    *("confirm-stop", "recall", "extend", "sign", "ask-offices", "close-query"),
)
"""Every verb of an office."""


@dataclass(frozen=True)
class Try:
    """Something that somebody does to a task, and the name of the refusal that it should get, if any."""

    what: str
    refused: str | None
    send: Callable[[], httpx.Response]

    def __repr__(self) -> str:
        return f"{self.what}, {self.refused or 'with its effect'}"

    def had_effect(self) -> bool:
        """Do it; what is refused is refused by this very name."""
        answer = self.send()
        if granted(answer):
            assert self.refused in {None, TOLD_TWICE}, f"{self} passed: {answer.request.url.path}"
            return self.refused is None
        assert answer.json()["code"] == self.refused, f"{self}: {answer.request.url.path}, {answer.text}"
        return False


class Hands:
    """All that offices, heads and operators may try with one dossier as it is now."""

    def __init__(self, city: City, life: Life) -> None:
        self.city, self.life, self.now = city, life, city.now()
        self.tasks = [one for one in life["tasks"] if one["party"] and one["state"] != "closed"]

    def tries(self) -> list[Try]:
        """Whatever may be said of its tasks by whoever works on them."""
        kinds = (self._extending, self._returning, self._sending, self._handing, self._asking)
        return [one for kind in (*kinds, self._answering, self._closing, self._signing) for one in kind()]

    def deciding(self) -> list[Try]:
        """What an operator may not do."""
        refused = "operator_never_decides"
        return [
            Try(f"an operator: {verb}", refused, self._by_operator(task, verb, office))
            for task in self.life["tasks"]
            if task["party"]
            for verb in DECIDES
            for office in (task["office"], "PASC")
        ]

    def _extending(self) -> Iterator[Try]:
        for task in held(self.life, ("step", "receive", "letter"))[:1]:
            for days in (2, 3, 20):
                said = {"days": days, "reason": "Cần trưng cầu giám định"}
                refused = extension_is_refused(self.life, task, days, self.now)
                signed = said | {"approved_by": "Trưởng phòng"}
                yield Try("extended", refused, self._at_office(task, "extend", signed))
                if refused in {None, *OF_THE_DATE}:
                    yield Try("extended", "only_the_head_extends", self._at_office(task, "extend", said))

    def _returning(self) -> Iterator[Try]:
        for task in self.tasks:
            said = {"reason": "Không thuộc địa bàn"}
            refused = giving_back_is_refused(self.life, task)
            yield Try("given back", refused, self._at_office(task, "decline", said))

    def _sending(self) -> Iterator[Try]:
        for task in self.tasks:
            for to in self._destinations(task):
                send = partial(self.city.by_operator, task, said=_to(to))
                where = "where it was" if to == task["office"] else "elsewhere"
                on, anew = partial(send, "reroute"), partial(send, "requeue")
                yield Try(f"sent on {where}", sending_on_is_refused(task), on)
                yield Try(f"queued anew {where}", moving_is_refused(task), anew)

    def _handing(self) -> Iterator[Try]:
        for task in self.tasks:
            to = _to(task["office"].replace("WARD-EIU", "WARD"))
            if task["office"] in self.city.heads:
                by_head = partial(self.city.by_head, task, "reassign", to)
                yield Try("handed on", moving_is_refused(task), by_head)
            by_other = partial(self.city.by_operator, task, "reassign", to)
            yield Try("handed on", "only_the_head_reassigns", by_other)

    def _asking(self) -> Iterator[Try]:
        if lead := latest(self.life, ASKS):
            for offices in (MAY_BE_ASKED[:1], MAY_BE_ASKED[:3], MAY_BE_ASKED):
                said = {"question": "Có ý kiến gì không?", "offices": offices}
                refused = asking_is_refused(self.life, lead, offices)
                yield Try("asked", refused, self._at_office(lead, "ask-offices", said))
            if lead["state"] in IN_HANDS and awaited(self.life):
                yield Try("completed", "answers_missing", self._at_office(lead, "complete", {}))

    def _answering(self) -> Iterator[Try]:
        asked = Counter(one["step"] for one in self.life["tasks"])
        for task in questions(self.life):
            if task["state"] == "closed" and asked[task["step"]] > 1:
                continue  # sent on, then closed: which of the two it is cannot be seen from outside
            said = {"reason": "đồng ý"}
            yield Try("answered", answer_is_refused(task), self._at_office(task, "complete", said))

    def _closing(self) -> Iterator[Try]:
        if lead := latest(self.life, ASKS):
            said = {"reason": "Đã quá hạn trả lời"}
            refused = going_on_is_refused(self.life, lead)
            yield Try("closed without the silent", refused, self._at_office(lead, "close-query", said))
            if refused is None:
                unsaid = self._at_office(lead, "close-query", {"reason": " "})
                yield Try("closed without the silent", "silence_needs_a_reason", unsaid)

    def _signing(self) -> Iterator[Try]:
        for letter in (one for one in self.life["tasks"] if one["kind"] == "letter"):
            wall = Wall(CALENDAR, self.now.replace(tzinfo=None), [])
            for in_days in (2, 5):
                day = wall.next_worked((self.now + timedelta(days=in_days)).date()).isoformat()
                said = {"signed_by": "Trưởng phòng", "new_day": day}
                refused = signing_is_refused(self.life, letter, day)
                yield Try("signed", refused, self._at_office(letter, "sign", said))
            yield Try("signed", "only_the_head_signs", self._at_office(letter, "sign", {}))

    def _destinations(self, task: Task) -> list[str]:
        """Where it was, and another office of its dossier whose people are at hand."""
        ward = self.life["receiving_office"].rpartition(".")[2]
        own = [name for name in (f"WARD-EIU.{ward}", f"WARD.{ward}") if name in self.city.officers]
        others = [name for name in (*own, "SXD") if name != task["office"]]
        return [task["office"], *(others[:1] if task["kind"] == "step" else [])]

    def _at_office(self, task: Task, verb: str, said: dict[str, Any]) -> Callable[[], httpx.Response]:
        return partial(self.city.at_office, task, verb, said)

    def _by_operator(self, task: Task, verb: str, office: str) -> Callable[[], httpx.Response]:
        return partial(self.city.by_operator, task, verb, {"office": office, "reason": "x"})


def _to(office: str) -> dict[str, Any]:
    return {"office": office, "reason": "quá tải"}


def latest(life: Life, step: str) -> Task | None:
    """A step's own task as it stands, whatever office has it by now."""
    of_step = [one for one in life["tasks"] if one["step"] == step and one["queued_at"]]
    return max(of_step, key=lambda one: (one["state"] != "closed", one["queued_at"]), default=None)


def held(life: Life, kinds: Iterable[str] = ("step",)) -> list[Task]:
    """What offices have in hands."""
    return [one for one in life["tasks"] if one["state"] in IN_HANDS and one["kind"] in kinds]


def extension_is_refused(life: Life, task: Task, days: int, now: datetime) -> str | None:
    """Form 04: once, before the date by a working day, no longer than the procedure says."""
    wrong = moving_is_refused(task)
    earlier = [one for one in life["ledger"] if one["fact"] == "extended"]
    if wrong or earlier:
        return wrong or (TOLD_TWICE if earlier[0]["working_days"] == days else "already_extended")
    by_hand = dossier_by_hand(life, now)
    due = by_hand["due_at"] or by_hand["due_if_answered_now"]
    here = now.replace(tzinfo=None)
    wall = Wall(CALENDAR, here, [])
    if due is None:
        return "no_date_to_extend"
    due = due.replace(tzinfo=None)
    if here >= due or wall.worked_between(here.date(), due.date()) < 1:
        return "extension_too_late"
    return "extension_too_long" if days > MOST_DAYS else None


def refuse_unless_open(task: Task) -> str | None:
    """By where it stands."""
    return {
        "waiting": "not_yet_queued",
        "declined": "already_declined",
        "done": "task_already_done",
        "closed": "task_closed",
    }.get(task["state"])


def giving_back_is_refused(life: Life, task: Task) -> str | None:
    """Whoever has it in hands may say that it is not theirs, unless others are asked for it."""
    if task["step"] == ASKS and awaited(life):
        return "answers_missing"
    of_its_kind = {"letter": "a_letter_is_only_signed", "receive": "decided_at_the_counter"}
    if task["kind"] in of_its_kind:
        return of_its_kind[task["kind"]]
    return {"declined": TOLD_TWICE, "done": "already_completed"}.get(task["state"])


def sending_on_is_refused(task: Task) -> str | None:
    """Only what was given back."""
    return None if task["state"] == "declined" else "not_declined"


def moving_is_refused(task: Task) -> str | None:
    """Only a step, or a question, in somebody's hands."""
    of_its_kind = {"letter": "a_letter_is_only_signed", "receive": "decided_at_the_counter"}
    return of_its_kind.get(task["kind"]) or refuse_unless_open(task)


def asking_is_refused(life: Life, lead: Task, offices: Iterable[str]) -> str | None:
    """The step that may ask does, each office once."""
    known = {one["office"] for one in questions(life)}
    return refuse_unless_open(lead) or (TOLD_TWICE if known.issuperset(offices) else None)


def going_on_is_refused(life: Life, lead: Task) -> str | None:
    """The lead closes what it asked, while somebody is silent."""
    wrong = refuse_unless_open(lead)
    if wrong or not questions(life):
        return wrong or "nothing_was_asked"
    return None if awaited(life) else TOLD_TWICE


def questions(life: Life) -> list[Task]:
    """What was asked of other offices, each as it stands by now."""
    asked = [one for one in life["tasks"] if one["kind"] == "question"]
    return [one for office in {one["step"] for one in asked} if (one := latest(life, office))]


def awaited(life: Life) -> list[Task]:
    """Whose answer is not in."""
    return [one for one in questions(life) if one["state"] in {*IN_HANDS, "declined"}]


def answer_is_refused(task: Task) -> str | None:
    """Once, and before it is closed."""
    return {"declined": "already_declined", "done": TOLD_TWICE, "closed": "query_closed"}.get(task["state"])


def signing_is_refused(life: Life, letter: Task, day: str) -> str | None:
    """Once, with one new date."""
    if letter["state"] == "done":
        return TOLD_TWICE if life["apology"]["new_due_at"].startswith(day) else "already_redated"
    return "task_closed" if letter["state"] == "closed" else None
