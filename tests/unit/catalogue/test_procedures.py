"""Versions, plans and the first screen of a procedure."""

from datetime import date
from typing import Any

import pytest

from shared.catalogue import Catalogue, IncompleteCatalogue, Procedure, format_fee, format_limit
from shared.worktime import Unit
from tests.builders.catalogue import DAY, at, catalogue, items


def procedure(id: str, on: date = DAY) -> Procedure:
    return catalogue().procedure(id, on)


def plan(id: str, facts: dict[str, Any], on: date = DAY) -> dict[str, tuple[str, ...]]:
    return {step.id: step.after for step in procedure(id, on).plan(facts)}


def test_16_procedures_are_in_force_in_january_and_in_november():
    assert len(catalogue().procedures(DAY)) == 16
    assert len(catalogue().procedures(date(2026, 11, 23))) == 16


def test_the_earlier_version_is_the_later_one_with_its_differences():
    before, after = (
        procedure("birth-interlinked", date(2026, 8, 31)),
        procedure("birth-interlinked", date(2026, 9, 1)),
    )
    assert (before.version, after.version) == (1, 2)
    assert [step.id for step in after.steps][-1] == "id-card"
    assert "id-card" not in [step.id for step in before.steps]
    assert before.national_code == "2.002621"
    assert before.papers == after.papers


def test_no_version_before_the_first():
    with pytest.raises(KeyError):
        procedure("social-housing-purchase", date(2025, 10, 9))


def test_a_step_left_out_hands_its_place_on():
    steps = plan("social-housing-purchase", {"married": False, "labour_contract": True, "wants_loan": False})
    assert "mau02-spouse" not in steps
    assert "income" not in steps
    assert steps["file"] == ("mau02-self",)
    assert steps["contract"] == ("list-opinion", "cross-land", "cross-tax")
    assert "loan" not in steps


def test_no_labour_contract_means_it_was_said_to_be_false():
    assert "income" in plan("social-housing-purchase", {"labour_contract": False})
    assert "income" not in plan("social-housing-purchase", {})


def test_the_conclusion_waits_for_the_medical_council_when_it_is_asked():
    assert plan("disability-certificate", {})["publish"] == ("assess",)
    assert plan("disability-certificate", {"council_cannot_conclude": True})["publish"] == ("assess", "refer")


def test_a_fact_of_another_kind_does_not_open_a_step():
    assert "survivor" not in plan("death-interlinked", {"insured": "yes"})
    assert "survivor" in plan("death-interlinked", {"insured": True})


def test_a_step_without_a_time_takes_the_default():
    step = procedure("social-housing-purchase").step("draw")
    assert step.limit_is_default
    assert (step.limit.unit, step.limit.amount) == (Unit.WORKING_DAY, 5)


def test_only_three_are_accepted_by_rule_and_not_where_the_investor_works_by_hand():
    by_rule = {one.id for one in catalogue().procedures(DAY) if one.auto_accept}
    assert by_rule == {"judicial-record-1", "permanent-residence", "social-housing-purchase"}
    buying = procedure("social-housing-purchase")
    assert buying.is_auto_accepted({"project": "sao-mai"})
    assert not buying.is_auto_accepted({"project": "hoa-sua"})


def test_the_income_proof_counts_from_submission_all_others_from_acceptance():
    filed, accepted = at("2026-01-14 09:00"), at("2026-01-15 09:00")
    assert procedure("income-confirm-police").clock_start(filed, accepted) == filed
    assert procedure("land-transfer").clock_start(filed, accepted) == accepted


def test_the_first_screen_says_limit_and_fee_in_words():
    assert format_limit(procedure("social-housing-purchase").total).vi == "chưa hẹn ngày"
    assert format_limit(procedure("land-transfer").total).vi == "8 ngày làm việc"
    assert format_limit(procedure("marriage").total).en == "the same day"
    assert format_fee(procedure("land-transfer").fees.counter).vi == "hỏi tại quầy"
    assert format_fee(procedure("land-transfer").fees.online).vi == "miễn phí"
    assert format_fee(procedure("judicial-record-1").fees.fee_for("online")).vi == "200.000 đồng"


def test_a_kiosk_is_online_by_another_door():
    assert "kiosk" in procedure("civil-status-extract").channels
    assert "kiosk" not in procedure("social-housing-purchase").channels
    assert catalogue().channel("kiosk").counts_as == "online"


def test_procedures_that_must_not_be_named_are_private():
    private = {one.id for one in catalogue().procedures(DAY) if one.private}
    assert private == {"disability-certificate", "judicial-record-1"}
    assert catalogue().paper_type("PLLTP").private
    assert catalogue().paper_type("PLLTP").short.vi == "Một giấy tờ"


def test_every_result_is_a_paper_with_a_name():
    for one in catalogue().all_versions():
        assert one.outcome.name.vi
        assert catalogue().paper_type(one.outcome.document)


def test_every_step_has_a_short_title_and_says_what_is_done():
    for one in catalogue().all_versions():
        for step in one.steps:
            assert 2 <= len(step.title_vi) <= 30, step.id
            assert step.title_en
            assert step.what.vi != step.what.en


def test_items_fit_on_the_wire_and_half_a_catalogue_is_refused():
    import orjson

    assert max(len(orjson.dumps(content)) for content in items().values()) < 900_000
    with pytest.raises(IncompleteCatalogue) as missing:
        Catalogue.from_items({key: content for key, content in items().items() if key != "calendar"})
    assert missing.value.missing == ("calendar",)
