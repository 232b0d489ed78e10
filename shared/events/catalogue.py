"""`catalogue.versions`: published versions of procedures, organisation, calendars, words; compacted."""

from dataclasses import dataclass
from typing import Any

from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemPublished(Body):
    """One item of the catalogue in one version. `digest`: the SHA-256 of its canonical JSON."""

    item: str
    digest: str
    content: dict[str, Any]


KINDS = ("procedure", "organisation", "calendar", "messages", "vocabulary")


def published_type(item: str) -> str:
    """The event type of an item key (`procedure:marriage:2` → `procedure.version_published.v1`)."""
    kind = item.split(":", 1)[0]
    return f"{kind if kind in KINDS else 'vocabulary'}.version_published.v1"
