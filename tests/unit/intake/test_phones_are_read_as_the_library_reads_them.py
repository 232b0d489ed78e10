"""Well-written mobile numbers are known at sight; on each of them the library must say the very same."""

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from services.intake.domain.dossier.submission import ContactDetails
from services.intake.domain.submission.contact_rules import check_contact, normalize_contact
from shared.typed_input import phone

PREFIXES = st.sampled_from(["+84", "0", "84", "+840", "+1", ""])
NATIONAL = st.from_regex(r"[1-9][0-9]{7,9}", fullmatch=True)
MOBILES = [
    f"{prefix:03d}{rest}" for prefix in range(1000) for rest in ("000000", "123456", "789012", "999999")
]


def library_says(said: str) -> tuple[str | None, bool]:
    """How the number is written, None when there is none; and whether it takes texts."""
    try:
        number = phonenumbers.parse(said, "VN")
    except phonenumbers.NumberParseException:
        return None, False
    if not phonenumbers.is_valid_number(number):
        return None, False
    costly = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
    if phonenumbers.number_type(number) in costly:
        return None, False
    deaf = {PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE}
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return written, phonenumbers.number_type(number) not in deaf


def we_say(said: str) -> tuple[str | None, bool]:
    """The same by the door's rules."""
    contact = ContactDetails(phone=said)
    codes = {error.code for error in check_contact(contact, "online", foreign_phones=True)}
    return (
        (None, False)
        if codes & {"bad_phone", "costly_phone"}
        else (normalize_contact(contact).phone, not codes)
    )


def test_every_range_of_numbers_is_read_as_the_library_reads_it() -> None:
    numbers = [f"{prefix}{national}" for national in MOBILES for prefix in ("+84", "0")]
    assert [said for said in numbers if we_say(said) != library_says(said)] == []


@given(PREFIXES, NATIONAL)
def test_any_number_is_read_as_the_library_reads_it(prefix: str, national: str) -> None:
    assert we_say(prefix + national) == library_says(prefix + national)


def test_a_number_that_is_usually_written_is_known_at_sight() -> None:
    phone._read_uncommon.cache_clear()
    assert we_say("+84912345678") == we_say("0912345678") == ("+84912345678", True)
    assert phone._read_uncommon.cache_info().misses == 0
