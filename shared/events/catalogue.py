"""`catalogue.versions`: published versions of procedures, organisation, calendars, words; compacted."""

from dataclasses import dataclass
from typing import Annotated, Any

from shared.events.body import Body
from shared.text_fields import Code, Name, Pattern

Digest = Annotated[str, Pattern(r"^[0-9a-f]+$", 128)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemPublished(Body):
    """One item of the catalogue in one version. `digest`: the SHA-256 of its canonical JSON."""

    item: Code
    digest: Digest
    content: dict[Name, Any]


KINDS = ("procedure", "organisation", "calendar", "messages", "vocabulary")


def published_type(item: str) -> str:
    """The event type of an item key (`procedure:marriage:2` → `procedure.version_published.v1`)."""
    kind = item.split(":", 1)[0]
    return f"{kind if kind in KINDS else 'vocabulary'}.version_published.v1"
