"""What goes over the wire can be read back by whoever keeps to the contract."""

from dataclasses import replace
from datetime import date, timedelta

from services.routing.domain.case.case import CaseUpdate
from services.routing.domain.family.family import fire_family_deadlines
from services.routing.outbound.case_events import dispatch_event, update_event, update_events, visible_steps
from shared.counted_days import CountedDays
from shared.events import registry, topics
from shared.events.envelope import Event, NewEvent, data_document
from tests.builders.routing import FRIDAY, acceptance, opened, rules, submitted_case, under_way

LINE = CountedDays(date(2026, 3, 6), date(2026, 3, 6), 0, "ngày nhận", "day 0")


def read_back(new: NewEvent) -> Event:
    head = new.headers(source="/routing", sequence=1, traceparent=None)
    return registry.decode(new.topic, new.key.encode(), new.body(), head)


def test_the_whole_state_is_told_and_read_back() -> None:
    told = acceptance(opened(submitted_case("building-permit-house"))).updates[-1]
    case = replace(told.case, explanation=(LINE,))
    event = read_back(update_event(CaseUpdate(told.type, case, told.cause, FRIDAY)))
    assert (event.type, event.root, event.data.state) == ("dossier.routed.v1", case.root, "in_process")
    assert event.data.because == "dossier.accepted.v1"
    assert event.data.explanation[0].why_vi == "ngày nhận"
    assert [(step.step, step.state) for step in event.data.steps] == [
        ("intake", "done"),
        ("appraise", "queued"),
        ("consult", "queued"),
        ("decide", "waiting"),
    ]


def test_a_step_whose_turn_has_not_come_is_told_without_an_id() -> None:
    told = acceptance(opened(submitted_case("building-permit-house"))).updates[-1]
    steps = read_back(update_event(told)).data.steps
    assert [step.task_id is None for step in steps] == [False, False, False, True]


def test_a_task_goes_to_the_topic_of_its_party_and_to_nobody_who_works_at_the_desk() -> None:
    change = acceptance(opened(submitted_case("building-permit-house")))
    handed = [dispatch_event(sent, change.updates[-1], rules()) for sent in change.dispatches]
    assert [event.topic for event in handed if event] == [
        topics.tasks_topic("ward-pilot").name,
        topics.tasks_topic("construction").name,
    ]
    at_the_desk = acceptance(opened(submitted_case("marital-status")))
    assert [sent.task.step for sent in at_the_desk.dispatches] == ["check"]


def test_receiving_is_shown_once() -> None:
    assert [task.step for task in visible_steps(under_way("marital-status"))] == ["intake", "check", "sign"]
    assert next(task.step for task in visible_steps(under_way("land-certificate-lost"))) == "receive"


def test_the_party_reads_no_personal_data_and_only_what_it_needs() -> None:
    change = acceptance(opened(submitted_case("judicial-record-1")))
    (event,) = [
        event for sent in change.dispatches if (event := dispatch_event(sent, change.updates[-1], rules()))
    ]
    assert set(data_document(event.data)) == {"task_id", "step", "office", "due_at", "outcomes"}


def test_told_together_each_says_what_it_says_alone_though_tasks_changed_in_between() -> None:
    late = fire_family_deadlines(under_way("building-permit-house"), rules(FRIDAY + timedelta(days=60)))
    of_another = acceptance(opened(submitted_case("marriage")))
    told = [*late.updates, *of_another.updates, *late.updates]
    assert len({len(one.case.tasks) for one in late.updates}) > 1
    together = [(event.type, event.data) for event in update_events(told)]
    assert together == [(event.type, event.data) for event in map(update_event, told)]
