import pytest

from shared.security.seal import SealBroken, new_key, open_sealed, seal

PHONE = b"+84900000001"


def test_a_sealed_field_opens_with_its_key_and_place() -> None:
    key = new_key()
    assert open_sealed(key, seal(key, PHONE, aad="contacts.phone.1"), aad="contacts.phone.1") == PHONE


def test_the_same_field_sealed_twice_looks_different() -> None:
    key = new_key()
    assert seal(key, PHONE, aad="a") != seal(key, PHONE, aad="a")


def test_a_seal_moved_to_another_person_does_not_open() -> None:
    key = new_key()
    with pytest.raises(SealBroken, match=r"contacts\.phone"):
        open_sealed(key, seal(key, PHONE, aad="contacts.phone.1"), aad="contacts.phone.2")


@pytest.mark.parametrize("place", [0, 12, -1])
def test_one_flipped_bit_breaks_the_seal(place: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, PHONE, aad="a"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        open_sealed(key, bytes(sealed), aad="a")


def test_a_stump_of_a_seal_is_broken_and_not_a_crash() -> None:
    with pytest.raises(SealBroken):
        open_sealed(new_key(), b"short", aad="a")
