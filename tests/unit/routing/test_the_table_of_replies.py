"""Every reply to a plain task has the answer that the guide promises: both are read as one table."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.acts.reassignment import ReassignMode, reassign_task
from services.routing.domain.acts.reply_rejection import RecordPosition, rejection_event
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, Task, TaskAct, TaskReply, TaskState
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.events.agency_replies import ReplyBody
from tests.builders.routing import (
    FRIDAY,
    after,
    opened,
    resending,
    rules,
    submitted_case,
    task_of,
    under_way,
)

COLUMNS = (
    ("started", TaskAct.START, None),
    ("completed", TaskAct.COMPLETE, "granted"),
    ("completed, another outcome", TaskAct.COMPLETE, "denied"),
    ("completed, no outcome", TaskAct.COMPLETE, None),
    ("declined", TaskAct.DECLINE, None),
)
SISTER, MINE = "WARD-JUS.00145", "civil-status"
PROCEDURE, STEP = "birth-interlinked", "birth"
"""A first step that decides."""


def case_with_moved_task() -> tuple[Case, Task]:
    case = under_way(PROCEDURE)
    task = task_of(case, STEP)
    change = reassign_task(case, resending(case, STEP, SISTER, way=ReassignMode.REQUEUE), rules(FRIDAY))
    assert isinstance(change, CaseChange)
    return change.case, task


def in_state(*acts: TaskAct) -> tuple[Case, Task]:
    case = under_way(PROCEDURE)
    for act in acts:
        case = after(case, STEP, act=act, outcome="granted" if act is TaskAct.COMPLETE else None)
    return case, task_of(case, STEP)


def step(case: Case, name: str) -> tuple[Case, Task]:
    return case, task_of(case, name)


def receiving() -> tuple[Case, Task]:
    return step(opened(submitted_case()), "receive")


ROWS: dict[str, Callable[[], tuple[Case, Task]]] = {
    "queued": in_state,
    "started": lambda: in_state(TaskAct.START),
    "done": lambda: in_state(TaskAct.COMPLETE),
    "given back": lambda: in_state(TaskAct.DECLINE),
    "closed, because it moved": case_with_moved_task,
    "not your turn yet": lambda: step(under_way("judicial-record-1"), "search"),
    "no task of this dossier": lambda: (under_way(PROCEDURE), task_of(under_way(PROCEDURE), STEP)),
    "another office's, both yours": in_state,
    "of an office you do not serve": in_state,
    "receiving, at the counter": receiving,
}
SPEAKS = {
    "not your turn yet": ("city-police", None),
    "another office's, both yours": (MINE, SISTER),
    "of an office you do not serve": ("tax", None),
}


def promised() -> dict[str, dict[str, str]]:
    text = Path("docs/agency-guide.md").read_text("utf-8").split("| the task is |")[1].split("\n\n")[0]
    head, _, *rows = ["| the task is |" + text.splitlines()[0], *text.splitlines()[1:]]
    names = [cell.strip() for cell in head.strip("|").split("|")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cells}


def answered(row: str, act: TaskAct, outcome: str | None) -> object:
    case, task = ROWS[row]()
    party, office = SPEAKS.get(row, (task.party or MINE, None))
    said = TaskReply(
        task_id=task.id,
        act=act,
        office=office or task.office,
        actor=Actor(kind="party", party=party),
        cause=FACTS[act],
        cause_id="r-1",
        party=party,
        outcome=outcome,
        reason="không thuộc địa bàn",
    )
    found = apply_office_reply(case, said, rules(FRIDAY))
    if isinstance(found, CaseChange):
        changed = found.case.task(task.id)
        assert changed is not None
        return changed.state
    return found


def in_words(found: object) -> str:
    match found:
        case TaskState.STARTED:
            return "begins"
        case TaskState.DONE:
            return "done"
        case TaskState.DECLINED:
            return "goes to an operator"
        case NoEffect():
            return "no effect"
        case Refused():
            return f"`{found.code}`"
        case _:
            raise AssertionError(found)


def test_the_guide_and_this_table_have_the_same_rows_and_columns() -> None:
    assert list(promised()) == list(ROWS)
    assert {tuple(row) for row in promised().values()} == {tuple(name for name, _, _ in COLUMNS)}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column[0])
@pytest.mark.parametrize("row", ROWS)
def test_the_answer_is_the_one_in_the_guide(row: str, column: tuple[str, TaskAct, str | None]) -> None:
    name, act, outcome = column
    assert in_words(answered(row, act, outcome)) == promised()[row][name]


@pytest.mark.parametrize("row", ROWS)
def test_what_is_refused_comes_back_with_its_code_field_and_remedy(row: str) -> None:
    for _, act, outcome in COLUMNS:
        found = answered(row, act, outcome)
        if isinstance(found, Refused):
            told = rejection_event(found, RecordPosition(2, 118, "r-1"))
            assert (told.code, told.partition, told.offset, told.reply_id) == (found.code, 2, 118, "r-1")
            assert told.field == "ce_type" or told.field in ReplyBody.model_fields
            assert told.remedy_vi
            assert told.remedy_en
