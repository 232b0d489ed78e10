"""Cancel messages that wait to be sent and that a later update has made untrue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.notification.domain.expiry import NO_LONGER_TRUE, awaited_actions
from services.notification.domain.message import MessageState
from services.notification.store import cancellations
from services.notification.store.notices import Notice
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from shared.db.transaction import Tx
from shared.events.envelope import Event


async def cancel_outdated(tx: Tx, events: Sequence[Event], at: datetime) -> list[Notice]:
    """Cancel outdated notices and messages of these cases. Returns the silenced notices, for the audit chain.

    Notices come first: one that is being rendered now is a message once its row lock is free.
    """
    awaited_by_root = {event.root: awaited_actions(event.data) for event in events}
    silenced = await cancellations.cancel_notices(tx, awaited_by_root, NO_LONGER_TRUE)
    suppressed = await cancellations.suppress_messages(tx, awaited_by_root, NO_LONGER_TRUE, at)
    transitions = [
        MessageTransition(message, MessageState.SUPPRESSED, NO_LONGER_TRUE) for message in suppressed
    ]
    await publish_transitions(tx, transitions, at)
    return [replace(notice, silence=NO_LONGER_TRUE) for notice in silenced]
