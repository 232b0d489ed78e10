"""The catalogue as services read it: built from published items, with all lookups in memory."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shared.catalogue.decoding import decode
from shared.catalogue.decoding.decode_calendar import decode_calendars
from shared.catalogue.decoding.decode_kinds import decode_kinds
from shared.catalogue.decoding.decode_organisation import decode_organisation
from shared.catalogue.model.organisation import NoOffice, Office, Party, Project, Ward
from shared.catalogue.model.oversight import Oversight, decode_oversight
from shared.catalogue.model.procedure import Procedure
from shared.catalogue.model.succession import successor_offices
from shared.catalogue.model.vocabulary import Channel, Fact, PaperType, Place, RefusalReason
from shared.errors import Suggestion
from shared.words import BilingualText
from shared.worktime import Calendar, DatedCalendar, Limit, Unit

REQUIRED = (
    "organisation",
    "organisation:lineage",
    "calendar",
    "messages",
    "vocabulary:facts",
    "vocabulary:papers",
    "vocabulary:states",
    "vocabulary:words",
)


class IncompleteCatalogue(LookupError):
    """Some items have not arrived yet."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"the catalogue still lacks {', '.join(missing)}")
        self.missing = missing


class Catalogue:
    """A consistent, immutable view of all items. A new version is a new Catalogue."""

    def __init__(self, items: Mapping[str, Mapping[str, Any]]) -> None:
        missing = tuple(key for key in REQUIRED if key not in items)
        if missing or not any(key.startswith("procedure:") for key in items):
            raise IncompleteCatalogue(missing or ("procedure:*",))
        self._words = items["vocabulary:words"]
        self._states = items["vocabulary:states"]
        self._messages = items["messages"]
        self._lineage = items["organisation:lineage"]["candidates"]
        self._changes = items["organisation"]["changes"]
        self._organisation = decode_organisation(items["organisation"])
        self._calendars = decode_calendars(items["calendar"])
        self._working_calendars = {name: row.extended() for name, row in self._calendars.items()}
        self._facts = {
            name: decode.decode_fact(name, raw) for name, raw in items["vocabulary:facts"]["facts"].items()
        }
        self._papers = {
            type: decode.decode_paper_type(type, raw)
            for type, raw in items["vocabulary:papers"]["papers"].items()
        }
        self._channels = {
            code: decode.decode_channel(code, raw) for code, raw in self._words["channels"].items()
        }
        self._reasons = {
            code: decode.decode_reason(code, raw) for code, raw in self._words["reasons"].items()
        }
        self._oversight = decode_oversight(self._words["rules"])
        self._procedures = self._read_procedures(items)
        self._kinds = decode_kinds(items.get("vocabulary:kinds", {}).get("kinds", {}))
        receiving_roles = {procedure.receives for procedure in self.all_versions()}
        self._counters = frozenset(office.id for office in self.offices() if office.role in receiving_roles)

    @classmethod
    def from_items(cls, items: Mapping[str, Mapping[str, Any]]) -> "Catalogue":
        """Build it from the items of `catalogue.versions` or of `load_folder`. Raises IncompleteCatalogue."""
        return cls(items)

    # procedures
    def procedure(self, id: str, on: date) -> Procedure:
        """The version in force on this date; KeyError if none."""
        for procedure in self._procedures.get(id, ()):
            if procedure.in_force(on):
                return procedure
        raise KeyError(id)

    def procedure_version(self, id: str, version: int) -> Procedure:
        """One version at any date, or a case kind; KeyError if unknown."""
        for procedure in self._procedures.get(id, ()):
            if procedure.version == version:
                return procedure
        if id in self._kinds:
            return self._kinds[id]
        raise KeyError(f"{id}:{version}")

    def kind(self, name: str) -> Procedure | None:
        """A case kind, as a procedure with one step; None if unknown."""
        return self._kinds.get(name)

    def procedures(self, on: date) -> tuple[Procedure, ...]:
        """All procedures in force on this date, by id."""
        return tuple(
            procedure
            for versions in self._procedures.values()
            for procedure in versions
            if procedure.in_force(on)
        )

    def all_versions(self) -> tuple[Procedure, ...]:
        """Every version of every procedure, by id and version."""
        return tuple(procedure for versions in self._procedures.values() for procedure in versions)

    # organisation
    def office_for(self, role: str, place: Mapping[str, str], procedure: Procedure, on: date) -> Office:
        """The office of this role for a dossier at these places. Raises NoOffice, which names the field."""
        name = procedure.places.get(role)
        if name is None and role == procedure.receives:
            name = procedure.places["receives"]
        if name is None:
            raise NoOffice(role, f"places.{role}", f"{procedure.id} does not say which place decides")
        return self._organisation.office_at(role, name, place, on)

    def receiving_office(self, procedure: Procedure, place: Mapping[str, str], on: date) -> Office:
        """The office that receives the dossier. Raises NoOffice."""
        return self._organisation.office_at(procedure.receives, procedure.places["receives"], place, on)

    def office(self, id: str) -> Office:
        """An office by its id; KeyError if there is none."""
        return self._organisation.offices[id]

    def phone_of(self, office_id: str) -> str | None:
        """The number to call about this office; None where only the city's hotline is known."""
        return self._organisation.phone_of(office_id)

    def offices(self) -> tuple[Office, ...]:
        """All offices."""
        return tuple(self._organisation.offices.values())

    @property
    def counters(self) -> frozenset[str]:
        """The offices that receive dossiers of some procedure, by any of its versions."""
        return self._counters

    def party_of(self, office_id: str, on: date) -> Party:
        """The party that works for this office on this date; KeyError for an unknown office."""
        return self._organisation.party_of(office_id, on)

    def party(self, name: str) -> Party:
        """A party by its name; KeyError if unknown."""
        return self._organisation.parties[name]

    def parties(self) -> tuple[Party, ...]:
        """All parties."""
        return tuple(self._organisation.parties.values())

    def offices_of_party(self, party: str, on: date) -> tuple[Office, ...]:
        """The offices this party works for on this date."""
        return self._organisation.offices_of(party, on)

    def change_days(self) -> tuple[date, ...]:
        """The dates on which an office passes to another party."""
        return self._organisation.change_days()

    @property
    def valid_from(self) -> date:
        """The date since which the offices exist."""
        return self._organisation.valid_from

    def serves(self, party: str, office_id: str, on: date) -> bool:
        """Whether this party works for this office on this date; False for an unknown office."""
        return office_id in self._organisation.offices and self.party_of(office_id, on).name == party

    def successors(self, former_office: str) -> tuple[str, ...]:
        """The successors of an office that ended on 30 June 2025 (`DIST-LRO.001`), the likely one first."""
        return successor_offices(former_office, self._changes, self._lineage)

    # places
    def wards(self) -> tuple[Ward, ...]:
        """The 126 wards and communes, by code."""
        return tuple(self._organisation.wards.values())

    def ward(self, code: str) -> Ward:
        """A ward by its code; KeyError if there is none."""
        return self._organisation.wards[code]

    def valid_ward(self, code: str) -> bool:
        """Whether this is the code of a ward."""
        return code in self._organisation.wards

    def has_ended(self, place: str, on: date) -> bool:
        """Whether this ward or project has ended by this date. Its offices still finish what they have."""
        return self._organisation.has_ended(place, on)

    def taken_over_by(self, place: str) -> tuple[Suggestion, ...]:
        """The ward that takes over from an ended one, as a suggestion; empty if there is none."""
        successor = self._organisation.taken_over_by(place)
        ward = self._organisation.wards.get(successor) if successor else None
        return (Suggestion(ward.code, ward.name, likely=True),) if ward else ()

    def ward_candidates(self, former_code: str) -> tuple[Suggestion, ...]:
        """The successors of a former ward, the likely one first; empty for an unknown code."""
        return tuple(
            Suggestion(row["code"], row["name"], row["likely"]) for row in self._lineage.get(former_code, ())
        )

    def projects(self) -> tuple[Project, ...]:
        """All social-housing projects."""
        return tuple(self._organisation.projects.values())

    def project(self, id: str) -> Project:
        """A project by its id; KeyError if unknown."""
        return self._organisation.projects[id]

    # time
    def calendar(self, name: str, known_at: datetime) -> Calendar:
        """A calendar as published by an instant; KeyError if unknown."""
        return self._calendars[name].known_at(known_at)

    def dated_calendar(self, name: str) -> DatedCalendar:
        """A calendar with all its publications, for clocks with events; KeyError if unknown."""
        return self._calendars[name]

    def working_calendar(self, name: str, known_at: datetime) -> Calendar:
        """A calendar for the work of offices, which also counts days after the last published year."""
        return self._working_calendars[name].known_at(known_at)

    def dated_working_calendar(self, name: str) -> DatedCalendar:
        """A calendar for the work of offices, with all its publications; KeyError if unknown."""
        return self._working_calendars[name]

    def desk_answer_limit(self) -> Limit:
        """How long a counter may take to accept or refuse an online dossier."""
        return Limit(Unit.WORKING_HOUR, self._words["rules"]["desk_answer_hours"]["value"])

    def oversight(self) -> Oversight | None:
        """The thresholds of oversight; None if the catalogue has none."""
        return self._oversight

    # words
    def fact(self, name: str) -> Fact:
        """A fact of the vocabulary; KeyError if unknown."""
        return self._facts[name]

    def paper_type(self, type: str) -> PaperType:
        """A type of paper; KeyError if unknown."""
        return self._papers[type]

    def reasons(self) -> tuple[RefusalReason, ...]:
        """All reasons to refuse a dossier."""
        return tuple(self._reasons.values())

    def reason(self, code: str) -> RefusalReason:
        """One reason to refuse a dossier; KeyError if unknown."""
        return self._reasons[code]

    def channels(self) -> tuple[Channel, ...]:
        """All channels of filing."""
        return tuple(self._channels.values())

    def channel(self, code: str) -> Channel:
        """One channel of filing; KeyError if unknown."""
        return self._channels[code]

    def delivery_name(self, code: str) -> BilingualText:
        """The name of a way to hand over a result; KeyError if unknown."""
        return decode.decode_words(self._words["deliveries"][code])

    def place(self, name: str) -> Place:
        """A place that forms ask for; KeyError if unknown."""
        raw = self._words["places"][name]
        return Place(name, raw["kind"], decode.decode_words(raw["label"]))

    def place_label(self, name: str) -> BilingualText:
        """The label of a place ("Phường, xã nơi bạn ở")."""
        return self.place(name).label

    def paper_required(self, word: str) -> BilingualText:
        """The text that says when a paper is required ("nếu nộp thay")."""
        return decode.decode_words(self._words["papers_required"][word])

    def state_name(self, state: str) -> BilingualText:
        """The name of a state ("Đang xử lý")."""
        return decode.decode_words(self._states["states"][state])

    def state_table(self) -> Mapping[str, Any]:
        """`states.yaml` whole: states, transitions, never, never_after."""
        return self._states

    def messages(self) -> Mapping[str, Any]:
        """`messages.yaml` whole: templates by key under `templates`."""
        return self._messages

    def _read_procedures(self, items: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Procedure, ...]]:
        default_limit = Limit(Unit.WORKING_DAY, self._words["rules"]["default_step_days"]["value"])
        counts_as = {code: channel.counts_as for code, channel in self._channels.items()}
        thresholds = decode.decode_thresholds(self._words["rules"])
        versions_by_id: dict[str, list[Procedure]] = {}
        for key in sorted(items):
            if key.startswith("procedure:"):
                procedure = decode.decode_procedure(
                    items[key], self._papers, default_limit, counts_as, thresholds
                )
                versions_by_id.setdefault(procedure.id, []).append(procedure)
        return {
            id: tuple(sorted(versions, key=lambda procedure: procedure.version))
            for id, versions in versions_by_id.items()
        }
