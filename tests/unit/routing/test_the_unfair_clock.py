"""The unfair-clock alarm: a gaming desk is seen each time, an honest one never."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.routing.domain.acts import supplement
from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.acts.reassignment import ReassignMode, reassign_task
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import OfficeRequest, TaskAct, TaskReply
from services.routing.domain.clock.gaming_signs import GamingSign, observed_signs
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.events import agency, dossier
from tests.builders.catalogue import items
from tests.builders.routing import FRIDAY, catalogue, resending, rules, task_of, under_way
from tests.builders.routing_asks import act_by_office, case_after, cause, land_transfer, money, on, papers


def gaming_signs(before: Case, change: object) -> list[str]:
    assert isinstance(change, CaseChange), change
    return [one.sign for one in observed_signs(before, change, catalogue())]


def pause(before: Case, at: datetime) -> list[str]:
    wants = replace(papers(), answer_by=on(4, 1))
    return gaming_signs(before, act_by_office(before, OfficeRequest.SUPPLEMENT, at, wants=wants))


def given_back(reason: str | None) -> list[str]:
    case = under_way()
    task = task_of(case, "check")
    said = TaskReply(
        task_id=task.id,
        act=TaskAct.DECLINE,
        office=task.office,
        actor=Actor(kind="party", party=task.party),
        cause=agency.DECLINED,
        cause_id="1",
        party=task.party,
        reason=reason,
    )
    return gaming_signs(case, apply_office_reply(case, said, rules(FRIDAY)))


def test_a_pause_on_the_last_working_day_is_counted() -> None:
    assert pause(land_transfer(), on(3, 3, 9)) == [GamingSign.LAST_MOMENT]


def test_a_pause_while_more_than_a_working_day_is_left_is_not() -> None:
    assert pause(land_transfer(), on(3, 2, 16)) == []
    assert pause(land_transfer(), on(2, 13)) == []


def test_a_pause_after_the_date_hides_nothing_and_is_not() -> None:
    assert pause(land_transfer(), on(3, 4, 9)) == []


def test_handing_a_step_on_before_the_pause_does_not_hide_how_little_was_left() -> None:
    """Where no date is promised the step's own counts, from when the agency first had it."""
    case = replace(land_transfer(), current_due_at=None)
    due = task_of(case, "check").due_at
    assert due is not None
    again = resending(case, "check", task_of(case, "check").office, way=ReassignMode.REQUEUE)
    moved = reassign_task(case, again, rules(due - timedelta(hours=3)))
    assert isinstance(moved, CaseChange)
    assert pause(moved.case, due - timedelta(hours=2)) == [GamingSign.LAST_MOMENT]


def test_a_fee_asked_for_at_the_last_moment_is_counted_too() -> None:
    case = land_transfer()
    change = act_by_office(
        case, OfficeRequest.PAYMENT, on(3, 3, 16), wants=replace(money(), answer_by=on(4, 1))
    )
    assert gaming_signs(case, change) == [GamingSign.LAST_MOMENT]


def test_a_second_request_for_papers_is_counted_and_a_fee_after_papers_is_not() -> None:
    first = case_after(act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, on(2, 13), wants=papers()))
    answered = supplement.record_supplement(first, on(2, 23), cause(dossier.SUPPLEMENTED), rules(on(2, 23)))
    case = case_after(answered)
    again = papers("Bản vẽ", basis="Điều 9", approved_by="Trưởng phòng")
    assert gaming_signs(case, act_by_office(case, OfficeRequest.SUPPLEMENT, on(2, 24), wants=again)) == [
        GamingSign.REPEATED
    ]
    assert gaming_signs(case, act_by_office(case, OfficeRequest.PAYMENT, on(2, 24), wants=money())) == []


def test_work_given_back_without_a_reason_is_counted_and_with_one_is_not() -> None:
    assert given_back(None) == given_back("  ") == [GamingSign.BARE_RETURN]
    assert given_back("không thuộc địa bàn") == []


def test_ordinary_work_shows_nothing() -> None:
    case = under_way()
    task = task_of(case, "check")
    said = TaskReply(
        task_id=task.id,
        act=TaskAct.COMPLETE,
        office=task.office,
        actor=Actor(kind="party", party=task.party),
        cause=agency.DONE,
        cause_id="1",
        party=task.party,
    )
    assert gaming_signs(case, apply_office_reply(case, said, rules(FRIDAY))) == []


def test_another_rule_in_the_catalogue_counts_otherwise() -> None:
    changed = {name: dict(item) for name, item in items().items()}
    words = changed["vocabulary:words"]
    oversight = dict(words["rules"]["oversight"], last_hours={"value": 24}, last_share={"value": 0.5})
    words["rules"] = dict(words["rules"], oversight=oversight)
    case = land_transfer()
    change = act_by_office(
        case, OfficeRequest.SUPPLEMENT, on(3, 2, 10), wants=replace(papers(), answer_by=on(4, 1))
    )
    assert isinstance(change, CaseChange)
    assert [one.sign for one in observed_signs(case, change, Catalogue.from_items(changed))] == [
        GamingSign.LAST_MOMENT
    ]
    del words["rules"]["oversight"]
    assert not list(observed_signs(case, change, Catalogue.from_items(changed)))
