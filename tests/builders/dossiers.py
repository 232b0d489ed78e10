"""A dossier at the door, as intake keeps it, without a database."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.dossier.checklist import DeclaredPaper, PaperToBring
from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from shared.clock import CITY_TZ
from shared.states import State
from tests.builders.intake import FRIDAY

NEXT_FRIDAY = datetime(2026, 3, 13, 17, tzinfo=CITY_TZ)
WARD_COUNTER = "PASC-SP.00004"


def paper(type: str = "TOKHAI", valid_until: date | None = None) -> DeclaredPaper:
    """A paper that was handed in, good until then."""
    return DeclaredPaper(type, None, None, date(2025, 9, 1), valid_until, 2048)


def at_the_counter(**changes: Any) -> Dossier:
    """Filed on Friday morning with a ward's counter, one paper still to bring."""
    filed = Dossier(
        id=UUID(int=1),
        root_id=UUID(int=1),
        code="H26.103.25.1-260306-0001",
        state=State.SUBMITTED,
        procedure="marriage",
        version=1,
        channel="online",
        subject_ref=UUID(int=2),
        link_ref="abcd2345",
        place={"chosen": "00004"},
        routing_facts={},
        papers=(paper(),),
        papers_to_bring=(PaperToBring(("XN-HONNHAN",)),),
        delivery="counter",
        filed_by="self",
        receiving_office=WARD_COUNTER,
        competent_office="WARD.00004",
        submitted_at=FRIDAY,
        answer_by=FRIDAY.replace(hour=17),
        auto_accepted=False,
    )
    return replace(filed, **changes)


def papers_owed(**changes: Any) -> Dossier:
    """The same, asked once for what is missing, until Friday next."""
    asked = OpenSupplementRequest(("XN-HONNHAN",), FRIDAY, NEXT_FRIDAY, 1)
    owed = at_the_counter(state=State.SUPPLEMENT_REQUESTED, supplement_request=asked, supplements=1)
    return replace(owed, **changes)
