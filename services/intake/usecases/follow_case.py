"""What routing says of our dossiers becomes the citizen's page."""

from services.intake.store import views
from services.intake.store.views import CaseView
from shared.db.transaction import Tx
from shared.events.envelope import Event
from shared.messaging.batch import Batch


async def follow_case(tx: Tx, batch: Batch[Event]) -> None:
    """Keep the last state of each root: each update carries the whole of it."""
    newest = {event.root: event for event in batch.events}
    await views.save_cases(tx, [_view(event) for event in newest.values()])


def _view(event: Event) -> CaseView:
    told = event.data.model_dump(mode="json", by_alias=True)
    return CaseView(event.root, event.seq, event.data.state, told, event.time)
