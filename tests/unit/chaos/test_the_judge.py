"""The judge of the kills is only worth its name if it catches every planted fault, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from deploy.demo.city_day.closing_check.topics import Record
from deploy.demo.city_day.filing import Filed
from deploy.demo.dossiers import Filing
from tests.chaos.kills.judge import judge
from tests.chaos.kills.world import Case, Line, Text, World

CODE, ROOT, LINK, TASK = "H26.X-260204-0001", "root-1", "7K2M9QXA", "task-1"
BODY = {"channel": "online", "contact": {"phone": "+84900000001", "text": "plain"}}
FILED = Filed(Filing(datetime(2026, 2, 4, 9), "key-1", BODY, {}), CODE, "secret", "HPOL")  # noqa: DTZ001
FACTS = ("submitted", "accepted", "completed")
LIFE = (
    ("case.opened.v1", "dossier.submitted.v1", "submitted", None),
    ("case.updated.v1", "dossier.accepted.v1", "accepted", None),
    ("case.completed.v1", "task.completed.v1", "completed", TASK),
)


def an_event(offset: int, seq: int, id_: str, type_: str = "", because_id: str = "") -> Record:
    headers = {"ce_sequence": str(seq).encode(), "ce_id": id_.encode(), "ce_type": type_.encode()}
    value = json.dumps({"because_id": because_id}).encode()
    return Record("case.updates", 0, offset, ROOT.encode(), value, headers)


def a_text(fact: str) -> dict[str, Any]:
    return {"channel": "sms", "to": "+84900000001", "text": f"{fact}: hcc.example.vn/t/{LINK}"}


RECORDS = [an_event(n, n + 1, f"e{n}", type_, f"b{n}") for n, (type_, *_) in enumerate(LIFE)]
SOUND = World(
    filed=[FILED],
    dossiers={CODE: "accepted"},
    cases={CODE: Case(ROOT, "completed", LINK)},
    history=[Line(ROOT, t, why, f"b{n}", state, task) for n, (t, why, state, task) in enumerate(LIFE)],
    texts=[Text(CODE, fact, "sms", "delivered") for fact in FACTS],
    arrived=[a_text(fact) for fact in FACTS],
    records=RECORDS,
    given={("case.updates", ROOT): 3},
    unsent={"intake": 0},
    consumed={"intake": {("case.updates", 0): 3}},
    reads={"intake": frozenset({"case.updates"})},
)


def caught(world: World) -> set[str]:
    return {name for name, finding in judge(world).items() if not finding.holds}


def test_a_sound_world_is_left_alone() -> None:
    assert caught(SOUND) == set()


@pytest.mark.parametrize(
    ("reason", "against"), [("no_longer_true", set()), ("no_longer_useful", {"lost"}), (None, {"lost"})]
)
def test_a_text_called_back_since_the_citizen_had_acted_is_not_lost(
    reason: str | None, against: set[str]
) -> None:
    kept_back = Text(CODE, "your_turn", "sms", "suppressed", reason)

    assert caught(replace(SOUND, texts=[*SOUND.texts, kept_back])) == against


def test_a_record_repeated_on_the_wire_is_allowed() -> None:
    again = [replace(RECORDS[0], offset=3), replace(RECORDS[1], offset=4)]

    assert (
        caught(replace(SOUND, records=[*RECORDS, *again], consumed={"intake": {("case.updates", 0): 5}}))
        == set()
    )


def test_a_text_that_was_cut_and_flagged_may_be_missing_or_there() -> None:
    flagged = [*SOUND.texts[:2], replace(SOUND.texts[2], state="ambiguous")]

    for arrived in (SOUND.arrived, SOUND.arrived[:2]):
        assert caught(replace(SOUND, texts=flagged, arrived=arrived, cut_sends=1)) == set()


LOST: Sequence[World] = (
    replace(SOUND, dossiers={}),
    replace(SOUND, cases={}),
    replace(SOUND, cases={CODE: Case(ROOT, "in_process", LINK)}),
    replace(SOUND, unsent={"routing": 1}),
    replace(SOUND, given={("case.updates", ROOT): 4}),
    replace(SOUND, consumed={"intake": {("case.updates", 0): 2}}),
    replace(SOUND, texts=SOUND.texts[:2], arrived=SOUND.arrived[:2]),
    replace(SOUND, texts=[*SOUND.texts[:2], replace(SOUND.texts[2], state="sending")]),
    replace(SOUND, arrived=SOUND.arrived[:2]),
)
DOUBLED: Sequence[World] = (
    replace(SOUND, dossiers={CODE: "accepted", "H26.X-260204-0002": "submitted"}),
    replace(SOUND, records=[*RECORDS, an_event(3, 3, "another")]),
    replace(SOUND, history=[*SOUND.history, replace(SOUND.history[2], because_id="b9")]),
    replace(SOUND, history=[*SOUND.history, SOUND.history[2]]),
)
DISORDERED: Sequence[World] = (
    replace(SOUND, records=[replace(RECORDS[0], offset=1), replace(RECORDS[1], offset=0), RECORDS[2]]),
    replace(SOUND, history=[SOUND.history[0], SOUND.history[2], SOUND.history[1]]),
    replace(SOUND, history=[replace(SOUND.history[0], because_id="b1"), *SOUND.history[1:]]),
)


@pytest.mark.parametrize("world", LOST)
def test_what_is_lost_is_found(world: World) -> None:
    assert "lost" in caught(world)


@pytest.mark.parametrize("world", DOUBLED)
def test_what_happened_twice_is_found(world: World) -> None:
    assert "doubled" in caught(world)


@pytest.mark.parametrize("world", DISORDERED)
def test_what_is_out_of_order_is_found(world: World) -> None:
    assert "disordered" in caught(world)


def test_the_same_text_twice_without_a_flag_is_found() -> None:
    assert caught(replace(SOUND, arrived=[*SOUND.arrived, SOUND.arrived[0]])) == {"texted_twice"}


def test_a_flag_without_a_cut_send_is_found() -> None:
    flagged = [*SOUND.texts[:2], replace(SOUND.texts[2], state="ambiguous")]

    assert caught(replace(SOUND, texts=flagged)) == {"overflagged"}
