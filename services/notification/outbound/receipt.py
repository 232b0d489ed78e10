"""Reading a delivery receipt: its TLVs if any, else the text every centre writes (SMPP 3.4, app. B)."""

import re

import smpp34

TLV_RECEIPTED_MESSAGE_ID, TLV_MESSAGE_STATE = 0x001E, 0x0427
RECEIPT_MASK, RECEIPT = 0x3C, 0x04
_TEXT = re.compile(rb"id:(?P<id>\S+).*?stat:(?P<stat>[A-Z]+)", re.DOTALL)
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


def parse_receipt(event: smpp34.DeliverSmEvent) -> tuple[str, str] | None:
    """The text centre's reference and the status it tells; None for anything that is no receipt."""
    if event.esm_class & RECEIPT_MASK != RECEIPT:
        return None
    tlvs = {tlv.tag: tlv for tlv in event.tlvs}
    ref = tlvs.get(TLV_RECEIPTED_MESSAGE_ID)
    state = tlvs.get(TLV_MESSAGE_STATE)
    if ref is not None and state is not None and state.value:
        return ref.value.rstrip(b"\0").decode("ascii", "replace"), _STATES.get(state.value[0], "UNKNOWN")
    match = _TEXT.search(event.short_message)
    return (match["id"].decode("ascii", "replace"), match["stat"].decode()) if match else None
