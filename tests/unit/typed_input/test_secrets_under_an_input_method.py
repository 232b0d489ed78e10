"""A secret typed with Telex or VNI on is found again; new secrets are not changed by them at all."""

from random import Random

import pytest

from services.intake.domain.dossier.secret import (
    ALPHABET,
    FORMER_ALPHABET,
    FORMER_LENGTH,
    format_secret,
    generate_secret,
    read_secret,
)
from services.intake.usecases.keys import IntakeKeys
from shared.typed_input.keyboards import MOST_READINGS
from tests.effort import size
from tests.unit.typed_input.input_methods import Method, typed_with

DRAWN = size(3_000, 20_000)
METHODS = [(method, waits) for method in ("telex", "vni") for waits in (False, True)]


def former_secrets() -> list[str]:
    random = Random(2026)
    return ["".join(random.choices(FORMER_ALPHABET, k=FORMER_LENGTH)) for _ in range(DRAWN)]


@pytest.mark.parametrize(("method", "waits"), METHODS)
def test_former_secrets_are_read_back(method: Method, waits: bool) -> None:
    secrets = former_secrets()
    drawn = set(secrets)
    changed = {secret: typed_with(secret, method, waits=waits) for secret in secrets}
    changed = {secret: typed for secret, typed in changed.items() if typed != secret}
    assert len(changed) > DRAWN / 10
    lost = 0
    for secret, typed in changed.items():
        readings = read_secret(typed)
        lost += secret not in readings
        assert len(readings) <= 4 * MOST_READINGS
        assert drawn.isdisjoint(set(readings) - {secret})  # no other slip is opened by it
    assert lost <= DRAWN / 200, "only where four keys or more left no trace"


def test_a_secret_typed_as_printed_has_one_reading() -> None:
    for secret in former_secrets()[:2000]:
        assert read_secret(secret) == (secret,)
        assert read_secret(f" {secret[:5].lower()} – {secret[5:]}\u200b.") == (secret,)


@pytest.mark.parametrize(("method", "waits"), METHODS)
def test_new_secrets_are_not_changed(method: Method, waits: bool) -> None:
    for _ in range(DRAWN):
        secret = generate_secret()
        assert typed_with(secret, method, waits=waits) == secret
        assert typed_with(format_secret(secret), method, waits=waits) == format_secret(secret)
        assert read_secret(secret) == (secret,)


def test_new_secrets_have_no_pair_that_quick_telex_replaces_and_nothing_that_viqr_or_tcvn_marks() -> None:
    assert set(ALPHABET).isdisjoint("AEIOUYDWFJ")


@pytest.mark.parametrize(
    ("secret", "typed"),
    [
        ("5X23WR4VRZ", "5X23ƯR4VRZ"),
        ("5X23WR4VRZ", "5x23ưr4vrz"),
        ("5X23WR4VRZ", "5X23 ƯR4VRZ"),
        ("5X23WR4VRZ", "5X23U\u031bR4VRZ"),
        ("AS3DDWRAA9", "Á3ĐƯRÂ9"),
        ("A2E6D9KKKK", "ÀÊĐKKKK"),
        ("KA5B342222", "KA\u0300BÊÔÂÂÂÂ"),
    ],
)
def test_what_telex_vni_or_the_layout_of_tcvn_made_of_it(secret: str, typed: str) -> None:
    assert secret in read_secret(typed)


@pytest.mark.parametrize("typed", ["", "Ư", "ƯƯƯƯ", "không biết", "5X23UR4VRZ", "ÁÁÁÁÁÁÁÁÁÁÁ", "𝕏" * 60])
def test_what_can_be_no_secret_has_no_reading(typed: str) -> None:
    assert read_secret(typed) == ()


def test_the_mac_of_the_slip_accepts_the_changed_text_and_no_other() -> None:
    keys = IntakeKeys.derive(bytes(32))
    stored = keys.secret_mac("5X23WR4VRZ")
    assert keys.verify_secret("5X23ƯR4VRZ", stored)
    assert not keys.verify_secret("5X23UR4VRZ", stored)
    assert not keys.verify_secret("5X23ƯR4VRX", stored)
    assert not keys.verify_secret("", stored)
    assert not keys.verify_secret("5X23ƯR4VRZ", None)
