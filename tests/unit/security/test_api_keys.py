from pathlib import Path

import orjson
import pytest

from shared.actor import Actor
from shared.security.api_keys import COUNTERS, ApiKeys, Credential, InvalidCredential, generate_key

COUNTER = Actor(kind="officer", id="counter", office="PASC-SP.00070", role="counter")
MACHINE = Actor(kind="officer", id="counter", role="counter")
POLICE = Actor(kind="party", party="city-police")


def test_a_minted_key_names_its_actor_and_the_file_holds_no_secret(tmp_path: Path) -> None:
    key, kept = generate_key("counter", COUNTER)
    file = tmp_path / "credentials.json"
    file.write_bytes(orjson.dumps([kept.to_json()]))
    assert ApiKeys.load(file).identify(key) == kept
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
    assert [keys.identify(old), keys.identify(new)] == [old_kept, new_kept]


def test_a_machine_of_several_offices_comes_back_from_the_file_as_it_was(tmp_path: Path) -> None:
    made = [generate_key("a", MACHINE, frozenset({"PASC-SP.00004"})), generate_key("b", MACHINE, COUNTERS)]
    keys = ApiKeys.load(stored(tmp_path, *(credential.to_json() for _, credential in made)))
    listed, every = (keys.identify(key) for key, _ in made)
    assert listed and every
    assert [listed.may_act_for(one, ()) for one in ("PASC-SP.00004", "PASC-SP.00070")] == [True, False]
    assert [every.may_act_for(one, {"PASC-SP.00070"}) for one in ("PASC-SP.00004", "PASC-SP.00070")] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "belongs to no office"),
        ({"actor": {"kind": "officer", "id": "x", "role": "operator"}}, "belongs to no office"),
        ({"actor": {"kind": "officer", "id": "x", "role": "counter", "office": ""}}, "belongs to no office"),
        ({"offices": []}, "must be a list of offices"),
        ({"offices": "all"}, "must be a list of offices"),
        ({"offices": [4]}, "must be a list of offices"),
        ({"offices": ["A"], "actor": {"kind": "officer", "id": "x", "office": "A"}}, 'without "office"'),
        ({"offices": ["A"], "actor": {"kind": "officer", "role": "counter"}}, 'with an "id"'),
        ({"offices": ["A"], "actor": {"kind": "party", "id": "x", "party": "x"}}, "must then be an officer"),
        ({"office": "A"}, "unknown field: office"),
    ],
)
def test_a_key_whose_office_is_not_clear_is_refused_with_its_name(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    entry = Credential("counter", "0" * 64, MACHINE).to_json() | changes
    with pytest.raises(InvalidCredential, match=sentence) as refused:
        ApiKeys.load(stored(tmp_path, entry))
    assert 'the key "counter"' in str(refused.value)


def stored(folder: Path, *entries: dict[str, object]) -> Path:
    file = folder / "credentials.json"
    file.write_bytes(orjson.dumps(entries))
    return file
