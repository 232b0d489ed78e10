"""What a receipt says, by the table of its carrier; and what is no answer to anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.delivery_receipt import (
    ReadReceipt,
    UnusableReceipt,
    raw_receipt,
    read_receipt,
)
from services.notification.domain.message import FINAL_STATES
from shared.catalogue.loading.schema_carriers import ReceiptOutcome
from tests.builders.catalogue import items
from tests.builders.sinks import STANDARD, dialect

ID, STATE, ERROR, PAYLOAD = 0x001E, 0x0427, 0x0423, 0x0424
FULL, MIXED = dialect("words-in-full"), dialect("hex-answers-decimal-receipts")


@pytest.mark.parametrize(
    ("message", "tlvs", "outcome"),
    [
        (b"id:r1 sub:001 dlvrd:001 stat:DELIVRD err:000", [], "delivered"),
        (b"ID:r1 Stat:delivrd", [], "delivered"),
        (b"", [(ID, b"r1\0"), (STATE, b"\2")], "delivered"),
        (b"", [(ID, b"r1"), (STATE, b"\5")], "undeliverable"),
        (b"", [(PAYLOAD, b"id:r1 stat:EXPIRED")], "expired"),
        (b"id:other stat:DELIVRD", [(ID, b"r1\0")], "delivered"),
        (b"id:r1 stat:ENROUTE", [], "pending"),
    ],
)
def test_a_receipt_is_read_from_its_parameters_or_its_text(
    message: bytes, tlvs: list[tuple[int, bytes]], outcome: str
) -> None:
    assert read_receipt(raw_receipt(message, tlvs), STANDARD) == ReadReceipt("r1", outcome)


@pytest.mark.parametrize(
    ("message", "tlvs", "problem"),
    [
        (b"", [(ID, b"r1\0\0x"), (STATE, b"\2")], "unreadable_message_id"),
        (b"", [(ID, b"r\x001\0"), (STATE, b"\2")], "unreadable_message_id"),
        (b"id:r\xe1 stat:DELIVRD", [], "unreadable_message_id"),
        (b"id:" + b"r" * 66 + b" stat:DELIVRD", [], "unreadable_message_id"),
        (b"stat:DELIVRD", [], "no_message_id"),
        (b"", [], "no_message_id"),
        (b"id:r1", [], "no_state"),
        (b"id:r1 stat:DELIVERED", [], "unknown_state"),
        (b"id:r1 stat:UNKNOWN", [], "unknown_state"),
        (b"id:r1", [(STATE, b"\x09")], "unknown_state"),
        (b"id:r1", [(STATE, b"")], "unknown_state"),
        (b"id:r1", [(STATE, b"\2\2")], "unknown_state"),
        (b"id:r1 stat:DELIVRD", [(STATE, b"\5")], "states_differ"),
        (b"id:r1 stat:DELIVRD", [(STATE, b"\x2a")], "unknown_state"),
    ],
)
def test_what_cannot_be_used_is_never_read_as_delivered(
    message: bytes, tlvs: list[tuple[int, bytes]], problem: str
) -> None:
    found = read_receipt(raw_receipt(message, tlvs), STANDARD)
    assert isinstance(found, UnusableReceipt)
    assert found.problem == problem
    assert found.detail.isprintable()


@pytest.mark.parametrize("written", ["a1b2", "A1B2", "0000a1b2"])
def test_ids_that_are_numbers_match_however_they_are_written(written: str) -> None:
    assert MIXED.response_ref(written) == MIXED.receipt_ref("41394") == MIXED.receipt_ref("0041394") == "a1b2"
    assert MIXED.receipt_ref("a1b2") is None
    assert STANDARD.receipt_ref("0001") != STANDARD.receipt_ref("1")


@pytest.mark.parametrize(
    ("error", "outcome"), [(b"027", "unreachable"), (b"000", "undeliverable"), (b"9", "undeliverable")]
)
def test_a_phone_that_only_was_off_is_told_apart_by_the_carriers_error_codes(
    error: bytes, outcome: str
) -> None:
    by_text = raw_receipt(b"id:1 stat:UNDELIVERABLE err:" + error, [])
    by_tlv = raw_receipt(b"", [(ID, b"1\0"), (STATE, b"\5"), (ERROR, b"\3\0" + bytes([int(error)]))])
    assert read_receipt(by_text, FULL) == read_receipt(by_tlv, FULL) == ReadReceipt("1", outcome)


def test_refusals_are_read_by_the_carriers_own_codes() -> None:
    assert STANDARD.refusal(0x58) == "temporary"
    assert STANDARD.refusal(0x0B) == "permanent"
    assert STANDARD.refusal(0x400) is None
    assert FULL.refusal(0x400) == "temporary"


def test_the_citizens_text_that_a_centre_quotes_is_not_stored() -> None:
    assert b"Ho so" not in raw_receipt(b"id:1 stat:DELIVRD err:000 Text:Ho so H26", []).message


def test_every_outcome_of_the_catalogue_ends_a_text_or_is_known_not_to() -> None:
    outcomes = set(ReceiptOutcome.__args__)
    assert outcomes - {"pending", "unclear"} <= FINAL_STATES.keys()
    used = {
        word for carrier in items()["carriers"]["carriers"].values() for word in carrier["words"].values()
    }
    assert used <= outcomes


@given(
    message=st.binary(max_size=254), tlvs=st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=80)))
)
def test_no_bytes_break_the_reading(message: bytes, tlvs: list[tuple[int, bytes]]) -> None:
    found = read_receipt(raw_receipt(message, tlvs), STANDARD)
    assert isinstance(found, ReadReceipt | UnusableReceipt)
