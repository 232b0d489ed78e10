"""What routing says of our dossiers becomes the citizen's page."""

from typing import Any
from uuid import UUID

from services.intake.store import views
from services.intake.store.views import CaseView
from shared.db.gathered import gathered
from shared.db.transaction import Tx
from shared.events.case import CaseState, RequestDeclined
from shared.events.envelope import Event
from shared.messaging.batch import Batch


async def follow_case(tx: Tx, batch: Batch[Event]) -> None:
    """Keep the last state of each root: each update carries the whole of it, but for reasons, said once."""
    newest: dict[UUID, Event] = {}
    kept: dict[UUID, dict[str, Any]] = {}
    for event in batch.events:
        newest[event.root] = event
        kept.setdefault(event.root, {}).update(reasons(event))
    async with gathered(tx) as writes:
        await views.save_cases(writes, [_view(event, kept[root]) for root, event in newest.items()])


def reasons(event: Event) -> dict[str, Any]:
    """What a text sends its reader to the page for, and no later update repeats."""
    said: CaseState = event.data
    found: dict[str, Any] = {}
    if said.stopped_reason:
        found["stopped"] = said.stopped_reason
    if said.extension_reason:
        found["extended"] = said.extension_reason
    if isinstance(said, RequestDeclined):
        found["declined"] = {"vi": said.text_vi, "en": said.text_en, "at": event.time.isoformat()}
    return found


def _view(event: Event, kept: dict[str, Any]) -> CaseView:
    told = event.data.model_dump(mode="json", by_alias=True) | {"kept": kept}
    return CaseView(event.root, event.seq, event.data.state, told, event.time)
