"""Two routing processes share the work, one of them dies, and nothing is lost, doubled or out of order."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.test_kills import chaos


def test_two_routing_processes_share_all_work_and_survive_the_kill_of_one(tmp_path: Path) -> None:
    report = chaos(
        tmp_path,
        *("--kills", "3", "--seed", "12", "--what", "services", "--dossiers", "60", "--routing", "2"),
    )

    assert report["holds"], report["findings"]
    assert "routing-1" in {hit["fault"]["victim"] for hit in report["faults"]}
    assert report["sharing"] == {
        "routing.dossier.events": [4, 4],
        "routing.agency.replies": [30, 30],
        "shards": [32, 32],
    }
