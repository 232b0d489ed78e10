"""What routing says of our dossiers becomes the citizen's page."""

from uuid import UUID

from services.intake.domain.tracking.followed_case import Declined, Reasons
from services.intake.store import views
from services.intake.store.views import CaseView
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events.case import CaseHeadline
from shared.events.envelope import Event
from shared.messaging.record.batch import Batch


async def save_case_views(tx: Tx, batch: Batch[Event[CaseHeadline]]) -> None:
    """Keep the last state of each root: each update carries the whole of it, but for reasons, said once."""
    newest: dict[UUID, Event[CaseHeadline]] = {}
    reasons: dict[UUID, Reasons] = {}
    for event in batch.events:
        newest[event.root] = event
        reasons[event.root] = with_reasons(reasons.get(event.root, Reasons()), event)
    async with pipeline(tx) as writes:
        await views.save_cases(writes, [_view(event, reasons[root]) for root, event in newest.items()])


def with_reasons(previous: Reasons, event: Event[CaseHeadline]) -> Reasons:
    """What a text sends its reader to the page for, and no later update repeats."""
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
