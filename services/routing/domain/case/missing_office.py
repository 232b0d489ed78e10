"""The office that an accepted dossier waits for: without it no plan can be made."""

from dataclasses import dataclass

from shared.clock import CityTime


@dataclass(frozen=True, slots=True)
class MissingOffice:
    """A role without an office at the dossier's place.

    `field`: the field of the place, such as `place.parcel`; `value`: its content. `why`: the catalogue's
    explanation. `since`: when planning failed for the first time.
    """

    role: str
    field: str
    value: str | None
    why: str
    since: CityTime
