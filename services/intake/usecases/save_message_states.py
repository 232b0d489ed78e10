"""Save the last state of each message for the tracking page."""

from uuid import UUID

from services.intake.store import views
from services.intake.store.views import MessageView
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch


async def save_message_states(tx: Tx, batch: Batch) -> None:
    """Keep the last state of each message, and when it was first heard of."""
    newest: dict[UUID, MessageView] = {}
    for event in batch.events:
        newest[event.data.message_id] = _message_view(event, newest.get(event.data.message_id))
    async with pipeline(tx) as writes:
        await views.save_notices(writes, list(newest.values()))


def _message_view(event: Event, previous: MessageView | None) -> MessageView:
    data = event.data
    return MessageView(
        message_id=data.message_id,
        root_id=event.key,
        template=data.template,
        channel=data.channel,
        state=data.state,
        reason=data.reason,
        at=data.at,
        first_at=previous.first_at if previous else data.at,
    )
