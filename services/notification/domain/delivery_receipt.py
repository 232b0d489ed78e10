"""Reading a delivery receipt: its TLVs if any, else the text every centre writes (SMPP 3.4, app. B)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from services.notification.domain.carrier_dialect import CarrierDialect

TLV_RECEIPTED_MESSAGE_ID, TLV_MESSAGE_STATE = 0x001E, 0x0427
TLV_NETWORK_ERROR_CODE, TLV_MESSAGE_PAYLOAD = 0x0423, 0x0424
UNREACHABLE = "unreachable"
PENDING = "pending"
UNCLEAR = "unclear"
_ID = re.compile(rb"\bid:(\S+)", re.IGNORECASE)
_STATE = re.compile(rb"\bstat:\s*(\S+)", re.IGNORECASE)
_ERROR = re.compile(rb"\berr:\s*(\w+)", re.IGNORECASE)
_QUOTED_TEXT = re.compile(rb"\btext:.*", re.IGNORECASE | re.DOTALL)
_TLV_HEAD = struct.Struct(">HH")


@dataclass(frozen=True, slots=True)
class RawReceipt:
    """A receipt as the centre sent it. `tlvs`: its optional parameters as on the wire."""

    message: bytes
    tlvs: bytes = b""


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """What a receipt says of one text: its reference, and the outcome."""

    ref: str
    outcome: str


@dataclass(frozen=True, slots=True)
class UnusableReceipt:
    """A receipt that says nothing we can use. `problem`: a code; `detail`: what it wrote, as plain text."""

    problem: str
    detail: str


def raw_receipt(message: bytes, tlvs: list[tuple[int, bytes]]) -> RawReceipt:
    """A receipt to store, without the beginning of the citizen's text that centres quote in it."""
    payload = dict(tlvs).get(TLV_MESSAGE_PAYLOAD, b"")
    others = [(tag, value) for tag, value in tlvs if tag != TLV_MESSAGE_PAYLOAD]
    packed = b"".join(_TLV_HEAD.pack(tag, len(value)) + value for tag, value in others)
    return RawReceipt(_QUOTED_TEXT.sub(b"", message or payload), packed)


def read_receipt(raw: RawReceipt, dialect: CarrierDialect) -> ReadReceipt | UnusableReceipt:
    """The reference and outcome of a receipt. Never raises; an unknown word is never read as delivered."""
    try:
        return _read(raw, dialect)
    except Exception as failure:  # whatever bytes a centre may send
        return UnusableReceipt("undecodable", type(failure).__name__)


def _read(raw: RawReceipt, dialect: CarrierDialect) -> ReadReceipt | UnusableReceipt:
    tlvs = dict(_unpack(raw.tlvs))
    written = _written_id(raw, tlvs)
    if written is None:
        return UnusableReceipt("no_message_id", _plain(raw.message))
    ref = dialect.receipt_ref(written.decode("latin-1"))
    if ref is None:
        return UnusableReceipt("unreadable_message_id", _plain(written))
    outcomes, states = _outcomes(raw, tlvs, dialect)
    problem = _state_problem(outcomes)
    if problem is not None:
        return UnusableReceipt(problem, f"{ref}: {', '.join(states)}")
    outcome = next(iter(outcomes)) or ""
    if outcome == "undeliverable" and _error_code(raw, tlvs) in dialect.unreachable:
        outcome = UNREACHABLE
    return ReadReceipt(ref, outcome)


def _state_problem(outcomes: set[str | None]) -> str | None:
    if not outcomes:
        return "no_state"
    if None in outcomes or UNCLEAR in outcomes:
        return "unknown_state"
    return "states_differ" if len(outcomes) > 1 else None


def _written_id(raw: RawReceipt, tlvs: dict[int, bytes]) -> bytes | None:
    """The reference as written. One NUL ends it; a NUL within is no end that can be relied on."""
    of_tlv = tlvs.get(TLV_RECEIPTED_MESSAGE_ID)
    if of_tlv is not None:
        return of_tlv.removesuffix(b"\0")
    of_text = _ID.search(raw.message)
    return of_text[1] if of_text else None


def _outcomes(
    raw: RawReceipt, tlvs: dict[int, bytes], dialect: CarrierDialect
) -> tuple[set[str | None], list[str]]:
    """The outcome of each state that the receipt gives (None: not in the catalogue), and the states."""
    outcomes, states = set[str | None](), list[str]()
    number, word = tlvs.get(TLV_MESSAGE_STATE), _STATE.search(raw.message)
    if number is not None:
        outcomes.add(dialect.numbers.get(number[0]) if len(number) == 1 else None)
        states.append(f"0x{number[:8].hex()}")
    if word is not None:
        outcomes.add(dialect.words.get(word[1].decode("latin-1").upper()))
        states.append(_plain(word[1]))
    return outcomes, states


def _error_code(raw: RawReceipt, tlvs: dict[int, bytes]) -> str:
    """The error code without leading zeros; of the TLV its last two octets, as a decimal number."""
    of_tlv, of_text = tlvs.get(TLV_NETWORK_ERROR_CODE, b""), _ERROR.search(raw.message)
    if len(of_tlv) == 3:  # the kind of network, and the code
        return str(int.from_bytes(of_tlv[1:]))
    return (of_text[1].decode("latin-1").lstrip("0") or "0") if of_text else ""


def _unpack(packed: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(packed):
        tag, length = _TLV_HEAD.unpack_from(packed, at)
        at += _TLV_HEAD.size
        yield tag, packed[at : at + length]
        at += length


def _plain(octets: bytes) -> str:
    """Octets as text for operators: everything that is no printable ASCII is escaped."""
    return octets[:120].decode("ascii", "backslashreplace").encode("unicode_escape").decode()[:200]
