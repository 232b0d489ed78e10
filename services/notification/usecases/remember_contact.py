"""Store contacts as intake encrypted them. They are decrypted when a message is rendered."""

import base64
import binascii
from uuid import UUID

from services.notification.store import contacts
from shared.db.transaction import Tx, city_now
from shared.errors import PoisonRecord
from shared.events.contacts import ContactChanged
from shared.messaging.record.batch import Batch


async def remember_contact(tx: Tx, batch: Batch) -> None:
    """Store the newest contact of each person. Raises PoisonRecord for invalid base64."""
    newest: dict[UUID, bytes] = {}
    for event in batch.events:
        contact: ContactChanged = event.data
        newest[contact.subject_ref] = _decode_sealed(contact)
    await contacts.save(tx, sorted(newest.items()), await city_now(tx))


def _decode_sealed(contact: ContactChanged) -> bytes:
    try:
        return base64.b64decode(contact.sealed, validate=True)
    except binascii.Error:
        raise PoisonRecord("contact_not_base64", f"subject {contact.subject_ref}") from None
