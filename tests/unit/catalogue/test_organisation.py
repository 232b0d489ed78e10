"""Role, place and date give one office and one party, and the dated changes hold to the day."""

from datetime import date

import pytest

from shared.catalogue import NoOffice
from tests.builders.catalogue import DAY, catalogue


def office(role: str, procedure: str, place: dict[str, str], on: date = DAY) -> str:
    one = catalogue().procedure(procedure, on)
    return catalogue().office_for(role, place, one, on).id


def test_the_land_office_of_a_housing_paper_is_where_the_project_is_not_the_person():
    place = {"chosen": "09556", "project": "sao-mai"}
    assert office("LRO", "housing-condition-02", place) == "LRO.008"
    assert catalogue().ward("00322").former_district_code == "008"
    assert office("PASC-BR", "housing-condition-02", place).startswith("PASC-BR.")


def test_each_investor_has_an_office_of_its_own_and_its_own_calendar():
    place = {"project": "kimchung-ct3", "residence": "00103"}
    one = catalogue().procedure("social-housing-purchase", DAY)
    investor = catalogue().office_for("INV", place, one, DAY)
    assert (investor.id, investor.calendar) == ("INV.kimchung-ct3", "inv-kimchung")
    assert catalogue().party_of(investor.id, DAY).name == "investor-kimchung"
    assert catalogue().party_of("INV.hoa-sua", DAY).desk


def test_a_place_not_given_or_no_longer_a_ward_is_named():
    with pytest.raises(NoOffice) as missing:
        office("CPOL", "income-confirm-police", {})
    assert missing.value.field == "place.residence"
    with pytest.raises(NoOffice) as former:
        office("CPOL", "income-confirm-police", {"residence": "00478"})
    assert former.value.field == "place.residence"
    with pytest.raises(NoOffice) as project:
        office("LRO", "housing-condition-02", {"chosen": "00004", "project": "nowhere"})
    assert project.value.field == "place.project"


@pytest.mark.parametrize(
    ("office_id", "on", "party"),
    [
        ("PASC-SP.00091", date(2026, 1, 4), "wards"),
        ("PASC-SP.00091", date(2026, 1, 5), "pasc"),
        ("WARD.00070", date(2026, 2, 1), "wards"),
        ("WARD.00070", date(2026, 2, 2), "ward-pilot"),
        ("WARD-EIU.00070", date(2026, 2, 2), "ward-pilot"),
        ("WARD-DIS.00070", date(2026, 2, 2), "wards"),
        ("WARD.00004", date(2026, 2, 2), "wards"),
    ],
)
def test_offices_change_hands_on_their_day(office_id: str, on: date, party: str):
    assert catalogue().party_of(office_id, on).name == party
    assert catalogue().serves(party, office_id, on)


def test_each_office_is_served_by_exactly_one_party():
    for on in (date(2025, 12, 1), DAY, date(2026, 6, 1)):
        served = [
            one.id for party in catalogue().parties() for one in catalogue().offices_of_party(party.name, on)
        ]
        assert sorted(served) == sorted(one.id for one in catalogue().offices())


def test_a_party_serves_no_unknown_office():
    assert not catalogue().serves("tax", "TAX.999", DAY)
    assert not catalogue().serves("nobody", "DOJ", DAY)


def test_only_parties_with_topics_have_topics():
    without = {party.name for party in catalogue().parties() if not party.has_topics}
    assert without == {
        "pasc", "wards", "medical-council", "investor-beta", "national-portal", "operations-centre",
    }  # fmt: skip


def test_a_divided_ward_offers_the_likely_one_first():
    offered = catalogue().ward_candidates("00478")
    assert [(one.value, one.likely) for one in offered] == [("00454", True), ("00475", False)]
    assert offered[0].label == "Xã Đông Anh"
    assert catalogue().ward_candidates("99999") == ()


def test_offices_print_codes_or_leave_it_to_the_ministry():
    assert catalogue().office("PASC-SP.00070").code_unit == "H26.103.26.4"
    assert catalogue().office("PASC-BR.7").code_unit == "H26.103.25.7"
    assert catalogue().office("CPOL.00070").code_is_external
    assert catalogue().office("TAX.001").code_unit is None


def test_the_disability_council_is_shown_under_the_wards_own_name():
    council, ward = catalogue().office("WARD-DIS.00070"), catalogue().office("WARD.00070")
    assert council.private
    assert (council.short, council.name_vi) == (ward.short, ward.name_vi)


def test_no_office_before_the_wards_of_today():
    with pytest.raises(NoOffice):
        one = catalogue().procedure("marriage", DAY)
        catalogue().office_for("WARD-JUS", {"chosen": "00004"}, one, date(2025, 6, 30))


def test_former_offices_hand_their_work_to_those_of_today():
    assert catalogue().successors("DIST-LRO.001") == ("LRO.001",)
    assert catalogue().successors("OLD-WARD.00478") == ("WARD.00454", "WARD.00475")
    assert "WARD.00004" in catalogue().successors("DIST-PC.001")
    assert catalogue().successors("OLD-WARD.99999") == ()
