"""What an accepted dossier waits for whose plan cannot be made: a role without an office at its place."""

from dataclasses import dataclass

from shared.clock import CityTime


@dataclass(frozen=True, slots=True)
class MissingOffice:
    """Which role has no office, by which field of the dossier (`place.parcel`) and what stands there; `why`.

    `since`: when the plan was first sought in vain.
    """

    role: str
    field: str
    value: str | None
    why: str
    since: CityTime
