"""Form 04: by the head, before the date, once, and no longer than the law allows."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails
from services.routing.outbound.case_events import update_event
from services.routing.usecases.case_unit_of_work import audit_line
from shared.actor import Actor
from shared.errors import Refused
from shared.events.envelope import data_document
from tests.builders.routing import acceptance, opened, submitted_case
from tests.builders.routing_asks import act_by_office, case_after, code_of, land_transfer, on, papers

HEAD = Actor(kind="officer", id="truong", role="leader")
OFFICER = Actor(kind="officer", id="canbo", role="specialist")
WHY = "phải đo lại thửa đất"
BEFORE = on(2, 25)


def extended(
    case: Case, days: int = 2, at: datetime = BEFORE, by: Actor | None = HEAD, step: str = "check"
) -> CaseChange | NoEffect | Refused:
    return act_by_office(
        case, OfficeRequest.EXTENSION, at, step=step, by=by, reason=WHY, wants=RequestDetails(days=days)
    )


def test_the_date_moves_by_working_days_and_the_promise_stays() -> None:
    case = case_after(extended(land_transfer()))
    assert (case.current_due_at, case.promised_due_at) == (on(3, 5, 17), on(3, 3, 17))
    assert case.explanation[-1].to.isoformat() == "2026-03-05"


def test_its_reason_is_told_with_it() -> None:
    change = extended(land_transfer())
    assert isinstance(change, CaseChange)
    assert data_document(update_event(change.updates[0]).data)["extension_reason"] == WHY


def test_once_is_all() -> None:
    case = case_after(extended(land_transfer()))
    assert isinstance(extended(case), NoEffect)
    assert code_of(extended(case, 3)) == "already_extended"


def test_only_the_head_extends() -> None:
    assert code_of(extended(land_transfer(), by=OFFICER)) == "only_the_head_extends"
    assert code_of(extended(land_transfer(), by=None)) == "only_the_head_extends"


def test_a_party_names_its_head() -> None:
    wants = RequestDetails(days=2, approved_by="Giám đốc chi nhánh")
    change = act_by_office(land_transfer(), OfficeRequest.EXTENSION, on(2, 25), reason=WHY, wants=wants)
    assert case_after(change).current_due_at == on(3, 5, 17)
    assert isinstance(change, CaseChange)
    assert audit_line(change.updates[0]).facts["approved_by"] == "Giám đốc chi nhánh"


def test_it_is_announced_a_working_day_before_the_date() -> None:
    assert case_after(extended(land_transfer(), at=on(3, 2, 16))).current_due_at == on(3, 5, 17)
    assert code_of(extended(land_transfer(), at=on(3, 3, 9))) == "extension_too_late"
    assert code_of(extended(land_transfer(), at=on(3, 4, 9))) == "extension_too_late"


def test_in_a_pause_too() -> None:
    owing = case_after(
        act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, on(2, 13, 14), wants=papers())
    )
    case = case_after(extended(owing))
    assert (case.state, case.current_due_at) == ("supplement_requested", None)


def test_it_says_how_long_and_why() -> None:
    assert code_of(extended(land_transfer(), 0)) == "days_missing"
    found = act_by_office(
        land_transfer(), OfficeRequest.EXTENSION, on(2, 25), by=HEAD, wants=RequestDetails(days=2)
    )
    assert code_of(found) == "reason_missing"


def test_no_longer_than_the_procedures_own_rule() -> None:
    # a building permit allows 10 calendar days
    begun = on(3, 6, 9)
    case = acceptance(opened(submitted_case("building-permit-house", at=begun), begun), begun).case
    assert code_of(extended(case, 7, at=on(3, 9), step="appraise")) == "extension_too_long"
    assert isinstance(extended(case, 6, at=on(3, 9), step="appraise"), CaseChange)
