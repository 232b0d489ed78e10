"""docker-compose.yml runs the launcher's stack: same images, ports, variables, topics and health checks."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from deploy.local.home import CHECKOUT
from tests.unit.launcher.compose_drift import drift

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))

# where in the file, what somebody puts there by mistake, what the comparison must then say
PLANTED: list[tuple[str, Any, str]] = [
    ("postgres/image", "postgres:17", "postgres: image"),
    ("postgres/command/2", "--port=5432", "postgres: setting port"),
    ("postgres/command/4", "--shared_buffers=1GB", "postgres: setting shared_buffers"),
    ("postgres/healthcheck/test/5", "5432", "postgres: health check"),
    ("kafka/image", "apache/kafka:4.2.0", "kafka: image"),
    ("kafka/environment/KAFKA_AUTO_CREATE_TOPICS_ENABLE", "true", "kafka: variable KAFKA_AUTO_CREATE_TOPICS"),
    ("kafka/environment/KAFKA_SURPRISE", "1", "kafka: variable KAFKA_SURPRISE"),
    (
        "kafka/environment/KAFKA_ADVERTISED_LISTENERS",
        "PLAINTEXT://127.0.0.1:9092",
        "KAFKA_ADVERTISED_LISTENERS",
    ),
    ("kafka/healthcheck/test/3", "127.0.0.1:9092", "kafka: health check"),
    ("intake/command", ["routing"], "intake: command"),
    ("intake/environment/MOTCUA_KAFKA", "127.0.0.1:9092", "intake: variable MOTCUA_KAFKA"),
    ("intake/environment/MOTCUA_MASTER_KEY", "x", "intake: variable MOTCUA_MASTER_KEY is nobody's"),
    ("routing/depends_on/provision/condition", "service_started", "routing: does not wait for provision"),
    ("notification/depends_on/sinks", {}, "notification: does not wait for sinks"),
    ("notification/healthcheck/test/3", "urlopen('http://127.0.0.1:8003/')", "notification: health check"),
    ("worker", {"image": "x"}, "worker: in one of the two only"),
]


def test_the_file_is_valid() -> None:
    assert PyCompose.from_json(json.dumps(COMPOSE)).validate() is None


def test_both_run_the_same_stack() -> None:
    assert drift(COMPOSE) == []


@pytest.mark.parametrize(("where", "wrong", "said"), PLANTED, ids=[row[0] for row in PLANTED])
def test_a_planted_difference_is_found(where: str, wrong: Any, said: str) -> None:
    planted = deepcopy(COMPOSE)
    *way, last = where.split("/")
    place: Any = planted["services"]
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = wrong
    assert [line for line in drift(planted) if said in line]


def test_both_make_their_topics_by_the_same_program() -> None:
    """`provision` makes them, from the same list, and Kafka makes none by itself."""
    image = (CHECKOUT / "deploy/Dockerfile").read_text("utf-8")
    assert COMPOSE["services"]["provision"]["command"] == ["provision"]
    assert 'ENTRYPOINT ["python", "-m", "deploy.local.launching.contained"]' in image
    assert all(
        Path(CHECKOUT, name).exists()
        for name in ("deploy/local/servers/provision.py", "deploy/local/servers/topics.py")
    )
