"""A paper is judged on the day that counts for it; what expires later was valid all the same."""

from dataclasses import replace
from datetime import date, timedelta

from services.intake.domain.dossier.checklist import SUBMISSION
from services.intake.inbound.pages.papers_view import checklist_rows
from shared.states import State
from tests.builders.catalogue import catalogue
from tests.builders.dossiers import at_the_counter, paper
from tests.builders.intake import FRIDAY

MONTH_LATER = date(2026, 4, 6)
DAY_AFTER = FRIDAY.date() + timedelta(days=1)


def states(dossier: object, today: date) -> list[tuple[str, bool]]:
    procedure = catalogue().procedure("marriage", FRIDAY.date())
    rows = checklist_rows(dossier, procedure, catalogue(), today)  # pyright: ignore[reportArgumentType]
    return [(row.state, row.has_run_out) for row in rows if row.state != "missing"]


def test_valid_at_acceptance_it_does_not_expire_afterwards() -> None:
    waiting = at_the_counter(papers=(paper(valid_until=DAY_AFTER),))
    accepted = replace(waiting, state=State.ACCEPTED, accepted_at=FRIDAY)
    assert states(waiting, MONTH_LATER) == [("expired", True)]
    assert states(accepted, MONTH_LATER) == [("have", True)]
    assert accepted.defective_papers(MONTH_LATER) == ("XN-HONNHAN",)


def test_accepted_after_its_last_day_it_was_expired() -> None:
    late = at_the_counter(papers=(paper(valid_until=DAY_AFTER),), state=State.ACCEPTED)
    assert states(replace(late, accepted_at=FRIDAY + timedelta(days=5)), MONTH_LATER) == [("expired", True)]


def test_what_counts_when_handed_in_does_not_expire_at_the_counter() -> None:
    filed = at_the_counter(papers=(replace(paper(valid_until=DAY_AFTER), counts_on=SUBMISSION),))
    assert states(filed, MONTH_LATER) == [("have", True)]


def test_the_catalogue_says_which_day() -> None:
    assert catalogue().paper_type("MAU02").counts_when_submitted
    assert not catalogue().paper_type("TOKHAI").counts_when_submitted
