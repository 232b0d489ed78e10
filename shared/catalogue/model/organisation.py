"""Offices and parties on a date: role at a place → office → party. Used by intake and routing alike."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Ward:
    """One of the 126 wards and communes since 1 July 2025."""

    code: str
    name: str
    short: str
    former_district_code: str
    former_district: str
    branch: int
    point_no: int
    point_moves_on: date
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Project:
    """A social-housing project. `ward`: where the homes are built."""

    id: str
    number: int
    name: str
    short: str
    ward: str
    window: tuple[date, date]
    calendar: str


@dataclass(frozen=True, slots=True)
class Office:
    """An office: a role at a place. `short`: its name in text messages, at most 25 characters.

    `cutoff` None: the calendar's. A private office is never named where others may read it.
    """

    id: str
    role: str
    name_vi: str
    short: str
    calendar: str
    cutoff: time | None
    code_unit: str | None
    private: bool
    ward: str | None = None
    project: str | None = None

    @property
    def code_is_external(self) -> bool:
        """Whether a ministry's system assigns the dossier's code."""
        return self.code_unit == "external"


@dataclass(frozen=True, slots=True)
class Party:
    """A party: a system with topics, or a desk in the browser without topics."""

    name: str
    name_vi: str
    desk: bool
    has_topics: bool
    pretend: bool
    roles: tuple[str, ...]
    projects: tuple[str, ...]
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PartyChange:
    """From `day` on another party works for these offices. `day` None: each ward's `point_moves_on`."""

    offices: tuple[str, ...]
    day: date | None
    from_party: str
    to_party: str

    def touches(self, office: Office) -> bool:
        """Whether this office passes to the party."""
        return any(fnmatchcase(office.id, pattern) for pattern in self.offices)


@dataclass(frozen=True, slots=True)
class PlaceEnd:
    """A ward or project (`place`) ends on `day`; its offices finish what they have.

    `into`: the ward that takes over; None: not decided yet.
    """

    place: str
    day: date
    into: str | None = None


class NoOffice(LookupError):
    """A role has no office for this place. `field`: the missing or wrong field (`place.parcel`)."""

    def __init__(self, role: str, field: str, reason: str) -> None:
        super().__init__(f"{role}: {field}: {reason}")
        self.role = role
        self.field = field
        self.reason = reason


class Organisation:
    """All offices and parties, with the dates on which offices pass to another party."""

    def __init__(
        self,
        *,
        one_per: Mapping[str, str],
        valid_from: date,
        offices: Mapping[tuple[str, str], Office],
        parties: Iterable[Party],
        projects: Iterable[Project],
        wards: Iterable[Ward],
        changes: Sequence[PartyChange],
        ended: Iterable[PlaceEnd] = (),
        phones: Mapping[str, str] | None = None,
    ) -> None:
        self.valid_from = valid_from
        self.wards = {ward.code: ward for ward in wards}
        self.projects = {project.id: project for project in projects}
        self.parties = {party.name: party for party in parties}
        self.offices = {office.id: office for office in offices.values()}
        self._ended = {end.place: end for end in ended}
        self._phones = phones or {}
        self._one_per = one_per
        self._offices = offices
        self._by_role = {role: party for party in self.parties.values() for role in party.roles}
        self._by_project = {project: party for party in self.parties.values() for project in party.projects}
        self._parties_by_office = {
            office.id: self._history(office, changes) for office in self.offices.values()
        }
        self._days = sorted({day for history in self._parties_by_office.values() for day, _ in history[1:]})
        self._parties_by_epoch: dict[int, dict[str, Party]] = {}

    def office_at(self, role: str, place_name: str, place: Mapping[str, str], on: date) -> Office:
        """The office of this role for that place. Raises NoOffice."""
        if role not in self._one_per:
            raise NoOffice(role, "role", "no such role")
        if on < self.valid_from:
            raise NoOffice(role, "on", f"offices exist since {self.valid_from}")
        key = self._key(role, place_name, place, on)
        office = self._offices.get((role, key))
        if office is None:
            raise NoOffice(role, f"place.{place_name}", f"no office at {key!r}")
        return office

    def phone_of(self, office_id: str) -> str | None:
        """The number of this office, or of all offices of its role; None if neither is known."""
        office = self.offices.get(office_id)
        return self._phones.get(office_id) or (self._phones.get(office.role) if office else None)

    def party_of(self, office_id: str, on: date) -> Party:
        """The party that works for this office on this date; KeyError for an unknown office."""
        return self._parties_on(on)[office_id]

    def offices_of(self, party: str, on: date) -> tuple[Office, ...]:
        """The offices this party works for on this date."""
        return tuple(
            self.offices[id]
            for id, working_party in self._parties_on(on).items()
            if working_party.name == party
        )

    def has_ended(self, place: str, on: date) -> bool:
        """Whether this ward or project has ended by this date."""
        end = self._ended.get(place)
        return end is not None and end.day <= on

    def taken_over_by(self, place: str) -> str | None:
        """The ward that takes over from an ended one; None if there is none."""
        end = self._ended.get(place)
        return end.into if end else None

    def change_days(self) -> tuple[date, ...]:
        """The dates on which any office passes to another party."""
        return tuple(self._days)

    def _current_place(self, role: str, place_name: str, value: str, on: date) -> str:
        """The ward or project itself, or its successor."""
        end = self._ended.get(value)
        if end is None or on < end.day:
            return value
        if end.into is None:
            raise NoOffice(role, f"place.{place_name}", f"ended on {end.day}: {value}")
        return end.into

    def _key(self, role: str, place_name: str, place: Mapping[str, str], on: date) -> str:
        kind = self._one_per[role]
        if kind == "city":
            return ""
        value = place.get(place_name)
        if value is None:
            raise NoOffice(role, f"place.{place_name}", "not given")
        value = self._current_place(role, place_name, value, on)
        if place_name == "project":
            project = self.projects.get(value)
            if project is None:
                raise NoOffice(role, "place.project", f"no such project: {value}")
            if kind == "project":
                return project.id
            value = self._current_place(role, place_name, project.ward, on)
        ward = self.wards.get(value)
        if ward is None:
            raise NoOffice(role, f"place.{place_name}", f"not a ward of today: {value}")
        return {
            "ward": ward.code,
            "former_district": ward.former_district_code,
            "branch": str(ward.branch),
            "city": "",
            "project": "",
        }[kind]

    def _parties_on(self, on: date) -> dict[str, Party]:
        epoch = bisect_right(self._days, on)
        if epoch not in self._parties_by_epoch:
            self._parties_by_epoch[epoch] = {
                id: history[bisect_right(history, on, key=lambda entry: entry[0]) - 1][1]
                for id, history in self._parties_by_office.items()
            }
        return self._parties_by_epoch[epoch]

    def _history(self, office: Office, changes: Sequence[PartyChange]) -> list[tuple[date, Party]]:
        """The parties of an office, by the date from which each works for it."""
        by_rule = self._by_project[office.project] if office.project else self._by_role[office.role]
        office_changes = [
            (self._day_of(change, office), change) for change in changes if change.touches(office)
        ]
        office_changes.sort(key=lambda entry: entry[0])
        first = self.parties[office_changes[0][1].from_party] if office_changes else by_rule
        return [(date.min, first), *((day, self.parties[change.to_party]) for day, change in office_changes)]

    def _day_of(self, change: PartyChange, office: Office) -> date:
        return change.day or self.wards[office.ward or ""].point_moves_on
