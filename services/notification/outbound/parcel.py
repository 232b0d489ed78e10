"""What is handed to a carrier."""

from dataclasses import dataclass
from uuid import UUID

from services.notification.domain.words import Words


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with its words, on its way."""

    id: UUID
    words: Words
