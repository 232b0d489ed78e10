from pathlib import Path

import orjson

from shared.actor import Actor
from shared.security.api_keys import ApiKeys, generate_key

COUNTER = Actor(kind="officer", id="counter", role="counter")
POLICE = Actor(kind="party", party="city-police")


def test_a_minted_key_names_its_actor_and_the_file_holds_no_secret(tmp_path: Path) -> None:
    key, kept = generate_key("counter", COUNTER)
    file = tmp_path / "credentials.json"
    file.write_bytes(orjson.dumps([kept.to_json()]))
    assert ApiKeys.load(file).identify(key) == COUNTER
    assert key.partition(".")[2] not in file.read_text()


def test_a_wrong_secret_and_an_unknown_prefix_are_nobody() -> None:
    key, kept = generate_key("counter", COUNTER)
    keys = ApiKeys([kept])
    assert keys.identify(key + "x") is None
    assert keys.identify("other." + key.partition(".")[2]) is None
    assert keys.identify("counter") is None
    assert keys.identify("") is None


def test_two_keys_of_one_prefix_both_work_while_one_is_being_changed() -> None:
    old, old_kept = generate_key("city-police", POLICE)
    new, new_kept = generate_key("city-police", POLICE)
    keys = ApiKeys([old_kept, new_kept])
    assert keys.identify(old) == keys.identify(new) == POLICE
