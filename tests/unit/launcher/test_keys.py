"""What a stack remembers between two starts."""

import json
import stat
from pathlib import Path

from deploy.local.home import Home
from deploy.local.keys import PORTS, load_or_make
from deploy.local.parties import Party, read_parties
from shared.security.api_keys import ApiKeys

PARTIES = [
    Party("city-police", desk=False, topics=True, projects=()),
    Party("investor-beta", desk=True, topics=False, projects=("hoa-sua",)),
]


def test_a_second_start_finds_the_keys_of_the_first(tmp_path: Path) -> None:
    home = _home(tmp_path)

    first, second = load_or_make(home, PARTIES), load_or_make(home, PARTIES)

    assert (second.passwords, second.master_keys, second.api_keys, second.ports) == (
        first.passwords,
        first.master_keys,
        first.api_keys,
        first.ports,
    )


def test_what_a_half_made_file_lacks_is_added(tmp_path: Path) -> None:
    home = _home(tmp_path)
    before = load_or_make(home, PARTIES[:1])

    after = load_or_make(home, PARTIES)

    assert after.api_keys.items() > before.api_keys.items()
    assert "investor-beta" in after.api_keys


def test_every_key_opens_as_its_holder_and_only_hashes_are_told_to_services(tmp_path: Path) -> None:
    home = _home(tmp_path)
    keys = load_or_make(home, PARTIES)
    known = ApiKeys.load(home.private / "credentials.json")

    found = {name: known.identify(key) for name, key in keys.api_keys.items()}

    assert {name: credential.actor.kind for name, credential in found.items() if credential} == {
        "counter": "officer",
        "operator": "officer",
        "city-police": "party",
        "investor-beta": "investor",
    }
    text = (home.private / "credentials.json").read_text()
    assert [name for name, credential in found.items() if credential and credential.offices] == ["counter"]
    assert not any(key.partition(".")[2] in text for key in keys.api_keys.values())


def test_a_key_of_an_older_version_stays_and_gets_its_offices(tmp_path: Path) -> None:
    home = _home(tmp_path)
    before = load_or_make(home, PARTIES)
    path = home.private / "keys.json"
    stored = json.loads(path.read_text())
    for entry in stored["credentials"]:
        entry.pop("offices", None)
    path.write_text(json.dumps(stored))

    after = load_or_make(home, PARTIES)

    assert after.api_keys == before.api_keys
    credential = ApiKeys.load(home.private / "credentials.json").identify(after.api_keys["counter"])
    assert credential and credential.offices == "counters"


def test_ports_are_distinct_and_files_private(tmp_path: Path) -> None:
    home = _home(tmp_path)
    keys = load_or_make(home, PARTIES)

    assert len(set(keys.ports.values())) == len(PORTS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.private.iterdir()} == {0o600}


def test_desk_parties_have_no_topics_and_readers_neither() -> None:
    parties = {party.name: party for party in read_parties()}

    assert parties["city-police"].topics
    assert not parties["wards"].topics
    assert not parties["national-portal"].topics
    assert parties["investor-beta"].projects == ("hoa-sua",)


def _home(folder: Path) -> Home:
    home = Home(folder / "state")
    home.make()
    return home
