"""Papers asked for and brought, a withdrawal, a stop: all before any clock of the law runs."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.intake.domain.acts.counter_acts import (
    SupplementRequest,
    cancel_withdrawal,
    record_supplement,
    request_supplement,
    request_withdrawal,
    stop_dossier,
)
from services.intake.domain.dossier.checklist import PaperToBring
from services.intake.domain.dossier.dossier import Dossier
from shared.clock import CITY_TZ
from shared.errors import Refused
from shared.states import State
from tests.builders import catalogue as city
from tests.builders.dossiers import NEXT_FRIDAY, at_the_counter, paper, papers_owed
from tests.builders.intake import FRIDAY

MONDAY = FRIDAY + timedelta(days=3)
TOO_LATE = NEXT_FRIDAY + timedelta(minutes=1)
BASIS = {"basis": "Điều 9", "approved_by": "lãnh đạo"}


def accepted_change(decided: Dossier | Refused) -> Dossier:
    assert isinstance(decided, Dossier), decided
    return decided


def refused(decided: Dossier | Refused) -> str:
    assert isinstance(decided, Refused), decided
    assert decided.vi
    assert decided.en
    return decided.code


def test_without_a_list_everything_the_dossier_lacks_is_asked_for() -> None:
    lacks = at_the_counter(papers=(paper("MAU02", date(2026, 3, 1)),))
    asked = accepted_change(
        request_supplement(lacks, SupplementRequest((), NEXT_FRIDAY), FRIDAY)
    ).supplement_request
    assert asked is not None
    assert asked.items == ("XN-HONNHAN", "MAU02")
    assert (asked.nth, asked.answer_by) == (1, NEXT_FRIDAY)


def test_a_paper_that_was_handed_in_wrong_can_be_asked_for_beside_what_is_missing() -> None:
    asked = accepted_change(
        request_supplement(at_the_counter(), SupplementRequest(("XN-HONNHAN", "TOKHAI"), NEXT_FRIDAY), FRIDAY)
    ).supplement_request
    assert asked is not None
    assert asked.items == ("XN-HONNHAN", "TOKHAI")


def test_all_defects_go_into_one_request() -> None:
    decided = request_supplement(at_the_counter(), SupplementRequest(("TOKHAI",), NEXT_FRIDAY), FRIDAY)
    assert refused(decided) == "all_defects_in_one_request"
    assert isinstance(decided, Refused)
    assert "XN-HONNHAN" in decided.en


def test_a_dossier_that_lacks_nothing_is_not_sent_home_for_nothing() -> None:
    assert (
        refused(
            request_supplement(at_the_counter(papers_to_bring=()), SupplementRequest((), NEXT_FRIDAY), FRIDAY)
        )
        == "items_missing"
    )


@pytest.mark.parametrize("answer_by", [None, FRIDAY, FRIDAY - timedelta(days=1)])
def test_whoever_is_asked_gets_time_to_answer(answer_by: datetime | None) -> None:
    assert (
        refused(request_supplement(at_the_counter(), SupplementRequest((), answer_by), FRIDAY))
        == "bad_answer_by"
    )


@pytest.mark.parametrize("said", [{}, {"basis": "Điều 9"}, {"approved_by": "lãnh đạo"}])
def test_a_second_request_needs_its_basis_and_the_heads_name(said: dict[str, str]) -> None:
    once = at_the_counter(supplements=1)
    assert refused(request_supplement(once, SupplementRequest((), NEXT_FRIDAY, **said), FRIDAY)) == (
        "second_supplement_counts_as_late"
    )
    twice = accepted_change(request_supplement(once, SupplementRequest((), NEXT_FRIDAY, **BASIS), FRIDAY))
    assert twice.supplement_request is not None
    assert (twice.supplements, twice.supplement_request.nth, twice.supplement_request.approved_by) == (
        2,
        2,
        "lãnh đạo",
    )


def test_what_is_brought_is_no_longer_missing_and_the_counter_has_its_own_time_again() -> None:
    back = accepted_change(record_supplement(papers_owed(), ["XN-HONNHAN"], city.catalogue(), MONDAY))
    assert (back.state, back.supplement_request, back.papers_to_bring) == (State.SUBMITTED, None, ())
    assert back.answer_by > MONDAY


def test_bringing_one_of_several_that_would_do_settles_it() -> None:
    either = papers_owed(papers_to_bring=(PaperToBring(("CCCD", "HOCHIEU")), PaperToBring(("XN-HONNHAN",))))
    back = accepted_change(record_supplement(either, ["HOCHIEU"], city.catalogue(), MONDAY))
    assert [str(one) for one in back.papers_to_bring] == ["XN-HONNHAN"]


def test_a_new_paper_takes_the_place_of_the_one_that_had_run_out_and_of_no_other() -> None:
    old, good = paper("XN-HONNHAN", date(2026, 1, 1)), paper("TOKHAI", date(2026, 12, 31))
    back = accepted_change(
        record_supplement(papers_owed(papers=(old, good)), ["XN-HONNHAN", "TOKHAI"], city.catalogue(), MONDAY)
    )
    new, kept = back.papers
    assert (new.issued_on, new.valid_until, new.bytes) == (None, None, None)
    assert kept == good
    assert back.expired_papers(MONDAY.date()) == ()


@pytest.mark.parametrize("before", [at_the_counter(), papers_owed()], ids=["waiting", "papers owed"])
def test_a_withdrawal_taken_back_leads_exactly_where_it_was_asked(before: Dossier) -> None:
    asked = accepted_change(request_withdrawal(before))
    assert (asked.state, asked.resume_to) == (State.WITHDRAWAL_REQUESTED, before.state)
    assert accepted_change(cancel_withdrawal(asked, city.catalogue(), MONDAY)) == before


def test_whose_time_ran_out_while_they_wavered_has_one_working_day_left() -> None:
    wavering = accepted_change(request_withdrawal(papers_owed()))
    kept = accepted_change(cancel_withdrawal(wavering, city.catalogue(), TOO_LATE))
    assert kept.supplement_request is not None
    assert kept.supplement_request.answer_by == datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)


def test_nobody_is_stopped_while_they_may_still_answer() -> None:
    assert refused(stop_dossier(papers_owed(), NEXT_FRIDAY - timedelta(seconds=1))) == "still_time_to_answer"
    stopped = accepted_change(stop_dossier(papers_owed(), NEXT_FRIDAY))
    assert (stopped.state, stopped.stopped_reason, stopped.supplement_request) == (
        State.STOPPED,
        "no_answer",
        None,
    )


def test_a_withdrawal_is_confirmed_at_any_time_and_named_as_what_it_was() -> None:
    stopped = accepted_change(stop_dossier(accepted_change(request_withdrawal(papers_owed())), MONDAY))
    assert (stopped.stopped_reason, stopped.stopped_at, stopped.resume_to) == ("withdrawn", MONDAY, None)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED, State.STOPPED])
def test_what_is_decided_is_beyond_the_door(state: State) -> None:
    over = replace(at_the_counter(), state=state)
    acts = (
        request_supplement(over, SupplementRequest((), NEXT_FRIDAY), FRIDAY),
        record_supplement(over, ["XN-HONNHAN"], city.catalogue(), FRIDAY),
        request_withdrawal(over),
        cancel_withdrawal(over, city.catalogue(), FRIDAY),
        stop_dossier(over, FRIDAY),
    )
    assert {refused(act) for act in acts} == {"already_decided"}
