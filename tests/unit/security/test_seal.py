import pytest

from shared.security.seal import DecryptionFailed, decrypt_field, encrypt_field, new_key

PHONE = b"+84900000001"


def test_a_sealed_field_opens_with_its_key_and_place() -> None:
    key = new_key()
    assert (
        decrypt_field(key, encrypt_field(key, PHONE, aad="contacts.phone.1"), aad="contacts.phone.1") == PHONE
    )


def test_the_same_field_sealed_twice_looks_different() -> None:
    key = new_key()
    assert encrypt_field(key, PHONE, aad="a") != encrypt_field(key, PHONE, aad="a")


def test_a_seal_moved_to_another_person_does_not_open() -> None:
    key = new_key()
    with pytest.raises(DecryptionFailed, match=r"contacts\.phone"):
        decrypt_field(key, encrypt_field(key, PHONE, aad="contacts.phone.1"), aad="contacts.phone.2")


@pytest.mark.parametrize("place", [0, 12, -1])
def test_one_flipped_bit_breaks_the_seal(place: int) -> None:
    key = new_key()
    sealed = bytearray(encrypt_field(key, PHONE, aad="a"))
    sealed[place] ^= 1
    with pytest.raises(DecryptionFailed):
        decrypt_field(key, bytes(sealed), aad="a")


def test_a_stump_of_a_seal_is_broken_and_not_a_crash() -> None:
    with pytest.raises(DecryptionFailed):
        decrypt_field(new_key(), b"short", aad="a")
