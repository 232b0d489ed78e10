"""Store for the tracking page what routing and notification publish about our dossiers."""

from uuid import UUID

from services.intake.domain.tracking.followed_case import Declined, Reasons
from services.intake.store import views
from services.intake.store.views import CaseView, MessageView
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events.case import CaseHeadline
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch


async def save_case_views(tx: Tx, batch: Batch[Event[CaseHeadline]]) -> None:
    """Store the last state of each root. An update is the whole state except for reasons, published once."""
    newest: dict[UUID, Event[CaseHeadline]] = {}
    reasons: dict[UUID, Reasons] = {}
    for event in batch.events:
        newest[event.root] = event
        reasons[event.root] = with_reasons(reasons.get(event.root, Reasons()), event)
    async with pipeline(tx) as writes:
        await views.save_cases(writes, [_view(event, reasons[root]) for root, event in newest.items()])


async def save_message_states(tx: Tx, batch: Batch) -> None:
    """Store the last state of each message, and the time of its first state."""
    newest: dict[UUID, MessageView] = {}
    for event in batch.events:
        newest[event.data.message_id] = _message_view(event, newest.get(event.data.message_id))
    async with pipeline(tx) as writes:
        await views.save_notices(writes, list(newest.values()))


def with_reasons(previous: Reasons, event: Event[CaseHeadline]) -> Reasons:
    """The reasons after this event: reasons that later updates do not repeat are kept."""
    headline = event.data
    declined = previous.declined
    if headline.text_vi and headline.text_en:
        declined = Declined(headline.text_vi, headline.text_en, event.time)
    return Reasons(
        stopped=headline.stopped_reason or previous.stopped,
        extended=headline.extension_reason or previous.extended,
        declined=declined,
    )


def _view(event: Event[CaseHeadline], reasons: Reasons) -> CaseView:
    return CaseView(
        root_id=event.root,
        seq=event.seq,
        state=event.data.state,
        record=event.value,
        reasons=reasons,
        updated_at=event.time,
    )


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
