"""The people of a city day: made up, recognisable as made up, and the same for the same seed."""

from __future__ import annotations

import re

from deploy.demo import dossiers
from deploy.demo.agencies.hours import SLOTS, is_worked
from deploy.demo.dossiers_procedures import KINDS


def test_the_same_seed_gives_the_same_dossiers_and_another_others() -> None:
    assert dossiers.generate(7) == dossiers.generate(7)
    assert dossiers.generate(7) != dossiers.generate(8)


def test_all_sixteen_procedures_occur() -> None:
    filed = {filing.procedure for filing in dossiers.generate(1)}

    assert filed == {kind.procedure for kind in KINDS}
    assert len(KINDS) == 16


def test_nobody_in_them_exists() -> None:
    for filing in dossiers.generate(3):
        who, contact = filing.body["applicant"], filing.body["contact"]
        assert " Ví Dụ " in who["name"]
        assert re.fullmatch(r"099\d{9}", who["id_number"])
        assert contact["phone"] is None or re.fullmatch(r"\+84900\d{6}", contact["phone"])
        assert contact["email"] is None or contact["email"].endswith("@example.vn")


def test_nobody_shares_a_phone_with_another_or_with_a_sample() -> None:
    filings = [*dossiers.generate(3), *filter(dossiers.in_order, dossiers.samples())]
    phones = [phone for filing in filings if (phone := filing.body["contact"]["phone"])]

    assert len(phones) == len(set(phones))


def test_counters_file_in_office_hours_only() -> None:
    counter = [one for one in dossiers.generate(2) if one.body["channel"] in ("counter", "post", "home")]

    assert all(is_worked(one.at.date()) and one.at.time() in SLOTS for one in counter)


def test_three_working_weeks_begin_on_the_fourteenth() -> None:
    assert str(dossiers.days()[0]) == "2026-01-14"
    assert sum(map(is_worked, dossiers.days())) == 15


def test_of_sixty_samples_fifty_four_are_in_order_and_two_have_a_wrong_field() -> None:
    samples = dossiers.samples()

    assert (len(samples), sum(map(dossiers.in_order, samples))) == (60, 54)
    assert sum(map(dossiers.is_taken, samples)) == 58
    assert sum(one.expect["outcome"] == "field_error" for one in samples) == 2


def test_what_is_expected_is_never_sent() -> None:
    assert not any(
        {"expect", "submitted_at", "submission_id"} & one.body.keys() for one in dossiers.samples()
    )
