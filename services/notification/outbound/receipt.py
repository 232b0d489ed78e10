"""Delivery receipts as SMPP carries them."""

import smpp34

from services.notification.domain.delivery_receipt import RawReceipt, raw_receipt

RECEIPT_MASK, RECEIPT = 0x3C, 0x04


def receipt_of(event: smpp34.DeliverSmEvent) -> RawReceipt | None:
    """The receipt in a deliver_sm, to be stored as it came; None for anything that is no receipt."""
    if event.esm_class & RECEIPT_MASK != RECEIPT:
        return None
    return raw_receipt(event.short_message, [(tlv.tag, tlv.value) for tlv in event.tlvs])
