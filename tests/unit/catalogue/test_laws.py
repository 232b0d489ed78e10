"""The laws that a procedure rests on are named in both languages."""

from shared.catalogue import Catalogue
from tests.builders.catalogue import catalogue, items


def test_every_law_has_a_vietnamese_name() -> None:
    for version in catalogue().all_versions():
        assert version.legal, version.id
        for law in version.legal:
            assert "Law" not in law.vi, law
            assert "ND " not in law.vi, law


def test_a_law_published_before_both_languages_is_still_read() -> None:
    published = dict(items())
    name = "procedure:marriage:1"
    published[name] = {**published[name], "legal": ["Civil Status Law 60/2014"]}
    (law,) = Catalogue.from_items(published).procedure_version("marriage", 1).legal
    assert (law.vi, law.en) == ("Civil Status Law 60/2014", "Civil Status Law 60/2014")
