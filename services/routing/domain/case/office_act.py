"""One act of an office: its rule, its event type, and where it is allowed."""

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
    """How often the clock of the dossier changed: what is asked for anew follows a change of it."""
    return len(case.ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeAct:
    """An act beside start, complete and decline.

    `event_type`: what it is called on record. `moves`: the event of the state table that it is, if any.
    `is_offered`: whether a desk offers its form; None: a form of the desk decides that by itself.
    `at_any_time`: also from a task that is over. `at_counter`: also from a reception that waits after
    acceptance. `of_citizen`: asked of the citizen, so always in the name of the root dossier.
    `on_apology`: possible from the task of an apology. `count_earlier`: a number that tells a new act of this
    sort from one sent again; each new one is told to the citizen.
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
