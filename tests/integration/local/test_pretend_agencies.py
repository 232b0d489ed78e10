"""The pretend agencies against a real Kafka: they read tasks, keep their word, and remember by the log."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from deploy.demo.agencies.hours import CITY
from deploy.demo.agencies.kafka_log import PartiesLog
from deploy.demo.agencies.tray import Tray
from deploy.demo.city_day.closing_check.topics import read_all

MORNING = datetime(2026, 1, 14, 9, tzinfo=CITY)
pytestmark = pytest.mark.integration


@pytest.fixture
def party(kafka: str) -> str:
    """A party nobody else has, with its topics."""
    name = f"test-{uuid4().hex[:8]}"
    topics = [NewTopic(f"agency.{name}.{kind}", 3, 1) for kind in ("tasks", "replies")]
    admin = AdminClient({"bootstrap.servers": kafka})  # kept until its futures are read
    for made in admin.create_topics(topics).values():
        made.result()
    return name


def queue(kafka: str, party: str, *, type_: str = "task.queued.v1", task_id: str | None = None) -> str:
    """A task as routing would write it."""
    task, root = task_id or str(uuid4()), str(uuid4())
    due = MORNING + timedelta(days=2)
    data = {
        "task_id": task,
        "step": "check",
        "office": "X.1",
        "due_at": due.isoformat(),
        "procedure": {"code": "marriage", "version": 1},
    }
    headers = {"ce_type": f"vn.motcua.{type_}", "ce_subject": root, "ce_time": MORNING.isoformat()}
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(
        f"agency.{party}.tasks",
        key=root.encode(),
        value=json.dumps({"dossier_id": root} | data).encode(),
        headers=list(headers.items()),
    )
    producer.flush(10)
    return task


def a_tray(kafka: str, party: str) -> Tray:
    log = PartiesLog(kafka, [party])
    return Tray(log, 1, log.written_reply_ids())


def read_replies(kafka: str, party: str) -> list[tuple[str, str]]:
    replies = read_all(kafka, f"agency.{party}.replies")
    return [(record.type, record.data["task_id"]) for record in replies]


def test_a_task_is_started_and_completed_when_its_hour_comes(kafka: str, party: str) -> None:
    tray, task = a_tray(kafka, party), queue(kafka, party)

    tray.read()
    assert tray.act_until(MORNING) == 0
    first = tray.next_act()
    assert first is not None
    assert first > MORNING
    tray.act_until(MORNING + timedelta(days=7))

    assert read_replies(kafka, party) == [("task.started.v1", task), ("task.completed.v1", task)]
    assert tray.next_act() is None


def test_one_that_starts_anew_does_not_say_it_again(kafka: str, party: str) -> None:
    task, first = queue(kafka, party), a_tray(kafka, party)
    first.read()
    first.act_until(MORNING + timedelta(days=7))

    second = a_tray(kafka, party)
    second.read()

    assert second.next_act() is None
    assert len(read_replies(kafka, party)) == 2
    assert task in str(read_replies(kafka, party))


def test_a_task_taken_back_is_put_away(kafka: str, party: str) -> None:
    tray, task = a_tray(kafka, party), queue(kafka, party)
    tray.read()
    queue(kafka, party, type_="task.closed.v1", task_id=task)

    tray.read()

    assert tray.next_act() is None
