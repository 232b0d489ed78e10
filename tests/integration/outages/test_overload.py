"""Far more comes than can be taken: what is accepted is finished soon, the rest hears when to return."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.chaos.door import City, furnish, open_door
from tests.chaos.load import BODY
from tests.chaos.overload import Found, Plan, press
from tests.databases import Database

pytestmark = pytest.mark.integration
SHORT = Plan(calibrate=1, warm=2, press=4, times=5, queue_seconds=0.5)


@pytest.fixture
async def city(database: Database, kafka: str, topic_prefix: str) -> City:
    """The catalogue is published, intake may start."""
    made = City(database, kafka, topic_prefix)
    await furnish(made)
    return made


async def _pressed(city: City, folder: Path, plan: Plan, **limits: object) -> Found:
    settings = {f"MOTCUA_QUEUE_{name.upper()}": str(value) for name, value in limits.items()}
    async with open_door(city, folder, settings) as door:
        return await press(city, door, plan)


async def test_all_that_is_let_in_is_finished_and_the_rest_is_told_when_to_come_again(
    city: City, tmp_path: Path
) -> None:
    found = await _pressed(city, tmp_path, SHORT, seconds=SHORT.queue_seconds)
    assert found.complaints() == []


async def test_a_door_without_a_limit_is_noticed(city: City, tmp_path: Path) -> None:
    found = await _pressed(city, tmp_path, replace(SHORT, warm=0, press=2), seconds=10**9, places=10**9)
    assert "nobody was turned away, though far more came than can be taken" in found.complaints()


async def test_who_is_turned_away_reads_why_in_both_languages(city: City, tmp_path: Path) -> None:
    async with (
        open_door(city, tmp_path, {"MOTCUA_QUEUE_PLACES": "0"}) as door,
        httpx.AsyncClient(base_url=door.url, trust_env=False) as http,
    ):
        answer = await http.post("/v1/dossiers", content=BODY, headers={"Idempotency-Key": str(uuid4())})
        page = await http.post("/file/marriage", headers={"accept": "text/html"})
        figures = (await http.get("/metrics")).text

    assert (answer.status_code, page.status_code) == (503, 503)
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["code"] == "busy"
    assert "đang bận" in answer.json()["vi"]
    assert "busy" in answer.json()["en"]
    assert "đang bận" in page.text
    assert 'motcua_requests_turned_away_total{status="503"} 2.0' in figures
    assert "requests.shed" in door.log.read_text()
