"""What a person is asked to look at again, and only that."""

from datetime import date, datetime, timedelta
from typing import Any

from services.intake.domain.submission.admission import (
    AdmittedSubmission,
    admit_submission,
    apply_confirmations,
)
from services.intake.domain.submission.confirmations import (
    DUPLICATE,
    TOO_EARLY,
    DuplicateDossier,
    duplicate_scope,
)
from services.intake.inbound.api.body import parse_submission
from shared.clock import CITY_TZ
from shared.errors import RefusalKind, Refused
from shared.worktime import first_issue_valid_on
from tests.builders import catalogue as city
from tests.builders.intake import FRIDAY, JUDICIAL, body

TWIN = DuplicateDossier("H26.103.25.1-260302-0004", datetime(2026, 3, 2, 8, 30, tzinfo=CITY_TZ))
OPEN_NOW, OPENS_IN_AUTUMN = "sao-mai", "hoa-sua"
WINDOW_CLOSES = city.catalogue().project(OPENS_IN_AUTUMN).window[1]


def form_02(project: str = OPEN_NOW, **changes: Any) -> dict[str, Any]:
    """The certificate one needs to buy in a project: good for some months only."""
    raw = JUDICIAL | {
        "procedure": "housing-condition-02",
        "place": {"chosen": "00475", "project": project},
        "facts": {"married": False, "owns_home": False},
        "papers": [{"type": "TOKHAI", "form": "02", "file": "tokhai.pdf", "bytes": 2048}],
    }
    return body(raw, **changes)


def admit(
    raw: dict[str, Any], twin: DuplicateDossier | None = None, at: datetime = FRIDAY
) -> AdmittedSubmission | Refused:
    said, unread = parse_submission(raw)
    admission = admit_submission(said, unread, None, city.catalogue(), at)
    assert isinstance(admission, AdmittedSubmission), admission
    return apply_confirmations(admission, twin, city.catalogue(), at)


def questions(decided: AdmittedSubmission | Refused) -> list[str]:
    return [error.code for error in decided.errors] if isinstance(decided, Refused) else []


def test_only_what_is_about_a_project_is_looked_at_twice() -> None:
    assert duplicate_scope(parse_submission(form_02())[0]) == OPEN_NOW
    assert duplicate_scope(parse_submission(JUDICIAL)[0]) is None


def test_in_time_and_the_first_of_its_kind_nothing_is_asked() -> None:
    decided = admit(form_02())
    assert isinstance(decided, AdmittedSubmission)
    assert decided.confirmed == ()


def test_a_second_of_the_same_names_the_first() -> None:
    decided = admit(form_02(), TWIN)
    assert isinstance(decided, Refused)
    assert (decided.kind, questions(decided)) == (RefusalKind.CONFLICT, [DUPLICATE])
    assert [one.value for one in decided.errors[0].candidates] == [TWIN.code]
    assert "08:30 02/03/2026" in decided.errors[0].vi


def test_a_paper_that_would_die_before_the_window_closes_is_said_with_the_useful_days() -> None:
    decided = admit(form_02(OPENS_IN_AUTUMN))
    assert isinstance(decided, Refused)
    assert questions(decided) == [TOO_EARLY]
    from_, to = (date.fromisoformat(one.value) for one in decided.errors[0].candidates)
    assert FRIDAY.date() < from_ < to <= date(2026, 10, 15)
    assert f"{from_:%d/%m/%Y}" in decided.errors[0].vi


def test_both_are_asked_at_once_and_each_is_answered_by_itself() -> None:
    assert questions(admit(form_02(OPENS_IN_AUTUMN), TWIN)) == [DUPLICATE, TOO_EARLY]
    half = admit(form_02(OPENS_IN_AUTUMN, confirmed=[DUPLICATE]), TWIN)
    assert questions(half) == [TOO_EARLY]


def test_what_was_confirmed_is_kept_and_only_what_was_in_doubt() -> None:
    both = admit(form_02(OPENS_IN_AUTUMN, confirmed=[TOO_EARLY, DUPLICATE]), TWIN)
    assert isinstance(both, AdmittedSubmission)
    assert both.confirmed == (DUPLICATE, TOO_EARLY)
    needless = admit(form_02(confirmed=[TOO_EARLY]))
    assert isinstance(needless, AdmittedSubmission)
    assert needless.confirmed == ()


def test_from_the_first_day_whose_paper_lives_long_enough_nothing_is_asked() -> None:
    days = [datetime(2026, 3, 6, 9, tzinfo=CITY_TZ) + timedelta(days=n) for n in range(210)]
    asked = [bool(questions(admit(form_02(OPENS_IN_AUTUMN), at=day))) for day in days]
    validity = city.catalogue().paper_type("MAU02").validity
    assert validity is not None
    first = first_issue_valid_on(WINDOW_CLOSES, validity)
    assert asked == [day.date() < first for day in days]
