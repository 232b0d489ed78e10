"""PostgreSQL and Kafka as the launcher prepares them."""

from datetime import datetime

import asyncpg
import pytest
from confluent_kafka import Producer

from deploy.local.clock import read_clock, set_clock
from deploy.local.servers.topics import WrongTopicError, count_records, create_topics, describe_topics
from deploy.local.servers.urls import url_for
from shared.clock import CITY_TZ
from shared.events.topics import Topic
from tests.databases import Database

pytestmark = pytest.mark.integration


async def test_a_wrong_password_is_refused(postgres_url: str) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url_for(postgres_url, "postgres", "postgres", "wrong"))


def test_topics_are_made_once_and_their_partitions_never_change(kafka: str) -> None:
    topic = Topic("launcher.test", "intake", 2, None)

    assert create_topics(kafka, [topic]) == 1
    assert create_topics(kafka, [topic]) == 0
    assert [(seen.exists, seen.partitions) for seen in describe_topics(kafka, [topic])] == [(True, 2)]
    with pytest.raises(WrongTopicError, match="has 2 partitions"):
        create_topics(kafka, [Topic("launcher.test", "intake", 3, None)])


def test_records_are_counted(kafka: str) -> None:
    topic = Topic("launcher.counted", "intake", 2, None)
    create_topics(kafka, [topic])
    producer = Producer({"bootstrap.servers": kafka})
    for key in ("a", "b", "c"):
        producer.produce(topic.name, key=key, value=b"x")
    producer.flush(30)

    assert count_records(kafka, [topic]) == {"launcher.counted": 3}


async def test_the_citys_clock_stands_where_it_was_set_and_runs_again(database: Database) -> None:
    noon = datetime(2026, 3, 6, 12, tzinfo=CITY_TZ)

    await set_clock(database.city_admin_url, noon)
    stood = await read_clock(database.city_admin_url)
    await set_clock(database.city_admin_url, None)
    ran = await read_clock(database.city_admin_url)

    assert (stood.now, stood.is_standing) == (noon, True)
    assert (ran.now > noon, ran.is_standing) == (True, False)
