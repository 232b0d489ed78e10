"""Papers asked for at the counter, a withdrawal and a stop before acceptance, as routing follows them."""

from services.routing.domain.acts import intake_events, supplement, withdrawal
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import TaskState
from services.routing.domain.clock.case_clock import supplement_count
from shared.errors import Refused
from shared.events import dossier
from shared.events.case import CitizenRequest, RequestKind
from tests.builders.routing import FRIDAY, MONDAY, acceptance, opened, rules, submitted_case
from tests.builders.routing_asks import case_after, cause


def form_02(nth: int = 1) -> CitizenRequest:
    return CitizenRequest(RequestKind.SUPPLEMENT, "PASC-SP.00070", FRIDAY, MONDAY, nth, ("HDCN",))


def owing() -> Case:
    case = opened(submitted_case())
    return case_after(
        intake_events.record_supplement_request(case, form_02(), cause(dossier.SUPPLEMENT_REQUESTED), FRIDAY)
    )


def with_supplement(case: Case) -> Case:
    return case_after(supplement.record_supplement(case, MONDAY, cause(dossier.SUPPLEMENTED), rules(MONDAY)))


def test_no_clock_runs_and_the_office_is_not_waited_for_while_papers_are_owed() -> None:
    case = owing()
    (receive,) = case.tasks
    assert (case.state, case.stage, case.ledger) == ("supplement_requested", "intake", ())
    assert (receive.state, case.holder) == (TaskState.WAITING, None)
    assert (case.request, case.second_supplement) == (form_02(), False)


def test_brought_papers_give_the_counter_its_whole_time_again() -> None:
    case = with_supplement(owing())
    (receive,) = case.tasks
    assert (case.state, case.request, receive.state) == ("submitted", None, TaskState.QUEUED)
    assert receive.due_at is not None
    assert receive.due_at > MONDAY
    assert acceptance(case).case.state == "in_process"


def test_a_request_at_the_door_counts_when_the_second_comes_in_processing() -> None:
    assert supplement_count(acceptance(with_supplement(owing())).case) == 1


def test_a_withdrawal_of_what_owes_papers_leads_back_to_owing_them() -> None:
    before = owing()
    asked = case_after(withdrawal.request_withdrawal(before, cause(dossier.WITHDRAWAL_REQUESTED), FRIDAY))
    back = case_after(withdrawal.cancel_withdrawal(asked, cause(dossier.WITHDRAWAL_CANCELLED), rules(FRIDAY)))
    assert back == before


def test_a_stop_at_the_door_ends_everything_and_says_why() -> None:
    change = intake_events.stop_case(owing(), MONDAY, "no_answer", cause(dossier.STOPPED), MONDAY)
    assert isinstance(change, CaseChange)
    (told,) = change.updates
    assert (change.case.state, change.case.completed_at, told.reason) == ("stopped", MONDAY, "no_answer")
    assert {task.state for task in change.case.tasks} == {TaskState.CLOSED}


def test_what_is_owed_cannot_be_accepted() -> None:
    assert isinstance(acceptance_of(owing()), Refused)


def acceptance_of(case: Case) -> CaseChange | Refused:
    said = intake_events.Acceptance(FRIDAY, case.version, None, ())
    return intake_events.accept_case(case, said, cause(dossier.ACCEPTED), rules(FRIDAY))
