"""Calling back: what waits to be said and that a later update has made untrue is never said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notification.domain.expiry import NO_LONGER_TRUE, awaited_actions
from services.notification.domain.message import MessageState
from services.notification.store import cancellations
from services.notification.store.notices import Notice
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from shared.db.transaction import Tx
from shared.events.envelope import Event


async def cancel_outdated(tx: Tx, events: Sequence[Event], at: datetime) -> list[Notice]:
    """Look once at what waits about these cases; answers the notices that become silences, to be signed.

    Notices go first: one that is being written now is a message by the time it lets us have its row.
    """
    awaited_by_root: dict[UUID, frozenset[str]] = {
        event.root: awaited_actions(event.data) for event in events
    }
    silenced = await cancellations.cancel_notices(tx, awaited_by_root, NO_LONGER_TRUE)
    suppressed = await cancellations.suppress_messages(tx, awaited_by_root, NO_LONGER_TRUE, at)
    await publish_transitions(
        tx,
        [MessageTransition(message, MessageState.SUPPRESSED, NO_LONGER_TRUE) for message in suppressed],
        at,
    )
    return [replace(notice, silence=NO_LONGER_TRUE) for notice in silenced]
