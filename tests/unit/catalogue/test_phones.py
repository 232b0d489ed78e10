"""Whom to call about an office: its own number, its role's, or only the hotline."""

from copy import deepcopy

from shared.catalogue import Catalogue
from tests.builders.catalogue import catalogue, items


def test_an_offices_number_goes_before_its_roles() -> None:
    made = deepcopy(items())
    made["organisation"]["phones"] = {
        "WARD": {"number": "02400000", "evidence": "made_up"},
        "WARD.00070": {"number": "02411111", "evidence": "made_up"},
    }
    city = Catalogue.from_items(made)
    assert city.phone_of("WARD.00070") == "02411111"
    assert city.phone_of("WARD.00004") == "02400000"
    assert city.phone_of("HPOL") is None


def test_the_centre_has_the_hotline() -> None:
    assert catalogue().phone_of("PASC") == "19001009"
