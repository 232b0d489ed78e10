"""The context of a rule: the catalogue with its calendars, and the time of the decision."""

from dataclasses import dataclass
from datetime import date, datetime

from services.routing.domain.case.case import Case
from shared.catalogue import Catalogue, Party, Procedure
from shared.clock import to_city_time
from shared.worktime import Calendar


@dataclass(frozen=True, slots=True)
class Rules:
    """The catalogue in force, and the instant of the decision."""

    catalogue: Catalogue
    now: datetime

    @property
    def today(self) -> date:
        """The day of the decision in the city."""
        return to_city_time(self.now).date()

    def at(self, instant: datetime) -> "Rules":
        """The same catalogue, as known at another instant."""
        return Rules(self.catalogue, instant)

    def procedure_of(self, case: Case) -> Procedure:
        """The version of the procedure that applies to the case."""
        return self.catalogue.procedure_version(case.procedure, case.version)

    def calendar_of(self, office: str) -> Calendar:
        """The calendar of this office as known at `now`; after the last published year by its weekdays."""
        return self.catalogue.working_calendar(self.catalogue.office(office).calendar, self.now)

    def published_calendar_of(self, office: str) -> Calendar:
        """The same without the days that no calendar covers yet, for dates that a citizen is promised."""
        return self.catalogue.calendar(self.catalogue.office(office).calendar, self.now)

    def party_of(self, office: str) -> Party:
        """The party that serves this office today."""
        return self.catalogue.party_of(office, self.today)
