"""What routing says of our dossiers becomes the citizen's page."""

from services.intake.store import views
from services.intake.store.views import CaseView
from shared.db.transaction import Tx
from shared.messaging.batch import Batch


async def follow_case(tx: Tx, batch: Batch) -> None:
    """Keep the last state of each root: each update carries the whole of it."""
    newest = {
        event.root: CaseView(
            event.root,
            event.seq,
            event.data.state,
            event.data.model_dump(mode="json", by_alias=True),
            event.time,
        )
        for event in batch.events
    }
    await views.save_cases(tx, list(newest.values()))
