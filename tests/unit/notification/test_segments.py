import pytest

from services.notification.domain.segments import decode_gsm7, encode_gsm7, measure_sms


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("ă" * 70, "ucs2", 70, 1),
        ("ă" * 71, "ucs2", 71, 2),
        ("ă" * 135, "ucs2", 135, 3),
        ("à è ì ò ù", "gsm7", 9, 1),
        ("một chữ có dấu trong cả tin", "ucs2", 27, 1),
        ("“quotes”", "ucs2", 8, 1),
    ],
)
def test_a_text_is_as_long_as_the_carrier_bills_it(
    text: str, encoding: str, units: int, segments: int
) -> None:
    length = measure_sms(text)
    assert (length.encoding, length.units, length.segments) == (encoding, units, segments)


def test_septets_come_back_as_the_text_that_went() -> None:
    text = "Ho so @ 5_6 {x} [y] ~ ^ \\ | € è ù"
    assert decode_gsm7(encode_gsm7(text)) == text
