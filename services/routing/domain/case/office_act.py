"""The description of an office's act: its rule, its event type, and where it is allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply
from shared.actor import Actor
from shared.errors import Refused
from shared.states import StateEvent

ActRule: TypeAlias = Callable[[Case, Task, TaskReply, Rules], CaseChange | NoEffect | Refused]
Guard: TypeAlias = Callable[[Case, Task, Actor], bool]


def always(_case: Case, _task: Task, _actor: Actor) -> bool:
    """Offered wherever the state table allows it."""
    return True


def count_clock_events(case: Case, _task: Task) -> int:
    """The number of clock events so far. It differs between two requests, as the clock changes in between."""
    return len(case.ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeAct:
    """An act other than start, complete and decline.

    `event_type`: its type on the bus and in the history. `moves`: its event in the state table, if any.
    `is_offered`: whether a desk offers its form; None: the desk has rules of its own for this form.
    `at_any_time`: allowed on a closed task too. `at_counter`: allowed on reception after acceptance too.
    `of_citizen`: a request to the citizen, and so always made for the root dossier. `on_apology`: allowed on
    the task of an apology. `count_earlier`: how many such acts came before; it tells a new act from a
    repeated one.
    """

    request: OfficeRequest
    event_type: str
    rule: ActRule
    moves: StateEvent | None = None
    is_offered: Guard | None = None
    at_any_time: bool = False
    at_counter: bool = False
    of_citizen: bool = False
    on_apology: bool = False
    count_earlier: Callable[[Case, Task], int] = count_clock_events
