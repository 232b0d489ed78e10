"""The rules of the door: states, codes, secrets, who may do what, who can be reached."""

from datetime import date
from typing import Any

import pytest

from services.intake.domain.access import may_decide, may_file
from services.intake.domain.admission import Admission, admit
from services.intake.domain.checklist import DeclaredPaper, whole
from services.intake.domain.code import looks_like_code, tidy_code, write_code
from services.intake.domain.contact_rules import check_contact, tidy_contact
from services.intake.domain.faults import codes, fault
from services.intake.domain.promise import limit_words
from services.intake.domain.secret import ALPHABET, mint_link, mint_secret, tidy_secret
from services.intake.domain.state import TABLE, Fact, State, move
from services.intake.domain.submission import Contact
from services.intake.inbound.body import read_body
from shared.actor import Actor
from shared.errors import Refused
from shared.worktime import Limit, Unit
from tests.builders import catalogue as city
from tests.builders.intake import ALPHA, COUNTER, FRIDAY, HOME_PAPERS, JUDICIAL, MARRIAGE, body

CATALOGUE = city.catalogue


def paper(**changes: Any) -> dict[str, Any]:
    """A paper as declared."""
    return {"type": "TOKHAI", "file": "a.pdf"} | changes


def wrong(raw: dict[str, Any], actor: Actor | None = None) -> dict[str, str]:
    """The fields refused, with their codes."""
    said, unread = read_body(raw)
    decided = admit(said, unread, actor, CATALOGUE(), FRIDAY)
    return {e.field: e.code for e in decided.errors} if isinstance(decided, Refused) else {}


def test_the_table_is_the_citys_for_all_the_door_owns_and_nothing_more() -> None:
    rows = CATALOGUE().state_table()["transitions"]
    theirs = [(r["from"], r["event"], r["to"], r["by"]) for r in rows if r["owner"] == "intake"]
    ours = [(row.from_.value, row.fact.value, row.to.value, row.who) for row in TABLE]
    assert sorted(ours) == sorted(theirs)


@pytest.mark.parametrize("place", [State.SUBMITTED, State.SUPPLEMENT_REQUESTED])
def test_a_withdrawal_cancelled_at_the_door_leads_back_where_it_was_asked(place: State) -> None:
    assert move(place, Fact.WITHDRAWAL_REQUESTED) is State.WITHDRAWAL_REQUESTED
    assert move(State.WITHDRAWAL_REQUESTED, Fact.WITHDRAWAL_CANCELLED, resume_to=place) is place


def test_papers_owed_at_the_door_come_before_acceptance() -> None:
    assert isinstance(move(State.SUPPLEMENT_REQUESTED, Fact.ACCEPTED), Refused)
    assert move(State.SUPPLEMENT_REQUESTED, Fact.SUPPLEMENTED) is State.SUBMITTED


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED])
@pytest.mark.parametrize("fact", list(Fact))
def test_a_decision_at_the_door_is_taken_once(state: State, fact: Fact) -> None:
    assert isinstance(move(state, fact), Refused)


def test_codes_count_by_day_and_ten_thousand_follows() -> None:
    day = date(2026, 3, 6)
    assert write_code("H26.X", day, 1) == "H26.X-260306-0001"
    assert write_code("H26.X", day, 10_000) == "H26.X-260306-10000"
    assert tidy_code(" h26.x-260306 -0001\n") == "H26.X-260306-0001"
    assert looks_like_code("H26.103.25.7-250908-0112")


def test_secrets_are_ten_letters_nobody_takes_for_another() -> None:
    secret, link = mint_secret(), mint_link()
    assert (len(secret), len(link), len(set(ALPHABET))) == (10, 8, 30)
    assert set(secret) <= set(ALPHABET)
    assert not set("01ILOU") & set(ALPHABET)
    assert tidy_secret(f" {secret[:5].lower()}-{secret[5:]} ") == secret


def test_secrets_use_every_letter() -> None:
    assert set("".join(mint_secret() for _ in range(400))) == set(ALPHABET)


@pytest.mark.parametrize(
    ("contact", "channel", "field"),
    [
        (Contact(phone="+8490000012"), "online", "contact.phone"),
        (Contact(phone="02438255555"), "online", "contact.phone"),
        (Contact(email="khong phai thu"), "online", "contact.email"),
        (Contact(email="a@b"), "online", "contact.email"),
        (Contact(email="a@example.vn\nBcc: b@example.vn"), "online", "contact.email"),
        (Contact(), "online", "contact.phone"),
        (Contact(letter=True), "online", "contact.phone"),
    ],
)
def test_nobody_who_cannot_be_reached_is_let_in_silently(contact: Contact, channel: str, field: str) -> None:
    assert [error.field for error in check_contact(contact, channel)] == [field]


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        (Contact(phone="0900000042"), "online"),
        (Contact(phone="+84 900 000 042"), "online"),
        (Contact(phone="02438255555", text="voice"), "online"),
        (Contact(phone="02438255555", email="vidu@example.vn"), "online"),
        (Contact(letter=True, text="voice"), "home"),
    ],
)
def test_whoever_can_be_reached_somehow_is_in_order(contact: Contact, channel: str) -> None:
    assert list(check_contact(contact, channel)) == []


def test_a_number_is_kept_as_the_networks_write_it() -> None:
    assert tidy_contact(Contact(phone="0900 000 042")).phone == "+84900000042"


def test_strangers_file_from_afar_and_officers_where_they_meet_people() -> None:
    assert may_file(None, "kiosk") is None
    assert may_file(None, "counter") is not None
    assert may_file(COUNTER, "home") is None
    assert may_file(COUNTER, "investor") is not None
    assert may_file(ALPHA, "investor") is None


def test_a_counter_decides_for_its_own_office_and_a_party_for_those_it_serves() -> None:
    on = FRIDAY.date()
    officer = Actor(kind="officer", role="counter", office="PASC-SP.00004")
    assert may_decide(officer, CATALOGUE(), "PASC-SP.00004", on) is None
    assert may_decide(officer, CATALOGUE(), "PASC-SP.00070", on) is not None
    assert may_decide(ALPHA, CATALOGUE(), "INV.sao-mai", on) is None
    assert may_decide(ALPHA, CATALOGUE(), "INV.hoa-sua", on) is not None
    assert may_decide(Actor(kind="officer", role="operator"), CATALOGUE(), "PASC-SP.00070", on) is not None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedure": "nothing"}, {"procedure": "unknown_procedure"}),
        ({"channel": "post"}, {"channel": "channel_not_offered"}),
        ({"place": {"chosen": "00004"}}, {"place.chosen": "place_not_asked"}),
        ({"delivery": None}, {"delivery": "required"}),
        ({"filed_by": "officer"}, {"filed_by": "proxy_or_self"}),
        ({"facts": {"for_use": 5}}, {"facts.for_use": "wrong_type"}),
        ({"facts": {"surprise": True}}, {"facts.surprise": "unknown_fact"}),
        ({"facts": {"oversubscribed": True}}, {"facts.oversubscribed": "unknown_fact"}),
        ({"papers": [paper(type="TAMPHAO")]}, {"papers.0.type": "unknown_paper"}),
        ({"papers": [paper(issued_on="2026-03-07")]}, {"papers.0.issued_on": "in_the_future"}),
        ({"papers": [paper(bytes=20 * 2**20 + 1)]}, {"papers.0.bytes": "too_large"}),
        ({"papers": [paper(bytes=20 * 2**20)] * 6}, {"papers": "too_large_together"}),
        ({"papers": [paper()] * 51}, {"papers": "too_many"}),
        ({"applicant__born": "1880-01-01"}, {"applicant.born": "too_long_ago"}),
        ({"applicant__born": 1}, {"applicant.born": "wrong_type"}),
        ({"applicant__name": "tab\there"}, {"applicant.name": "bad_characters"}),
        ({"applicant": 5}, {"applicant": "wrong_type"}),
    ],
)
def test_each_wrong_field_is_named(changes: dict[str, Any], expected: dict[str, str]) -> None:
    actor = COUNTER if changes.get("channel") == "post" else None
    assert wrong(body(JUDICIAL, **changes), actor) == expected


def test_a_former_ward_gets_its_successors_offered_the_likely_one_first() -> None:
    said, unread = read_body(body(MARRIAGE, place={"chosen": "00478"}))
    decided = admit(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, Refused)
    (error,) = decided.errors
    assert [(c.value, c.likely) for c in error.candidates] == [("00454", True), ("00475", False)]


def test_a_missing_or_expired_paper_is_no_reason_to_turn_it_away() -> None:
    said, unread = read_body(
        body(MARRIAGE, papers=[{"type": "XN-HONNHAN", "file": "x.pdf", "issued_on": "2025-07-01"}])
    )
    decided = admit(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, Admission)
    assert [str(one) for one in decided.wanted] == ["TOKHAI"]
    assert [paper.expired(FRIDAY.date()) for paper in decided.papers] == [True]
    assert decided.papers[0].valid_until == date(2026, 1, 1)


JUDICIAL_PAPER = {"type": "TOKHAI", "file": "a.pdf", "issued_on": "2026-03-01"}


@pytest.mark.parametrize(
    ("papers", "accepted"),
    [([JUDICIAL_PAPER], True), ([], False)],
    ids=["whole", "a paper is missing"],
)
def test_a_rule_accepts_only_what_is_whole_and_a_person_sees_the_rest(
    papers: list[dict[str, Any]], accepted: bool
) -> None:
    said, unread = read_body(body(JUDICIAL, papers=papers))
    decided = admit(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, Admission)
    assert (decided.promised is not None) is accepted


def test_a_rule_does_not_accept_a_paper_whose_last_day_is_over() -> None:
    good = DeclaredPaper("MAU02", None, None, date(2025, 7, 2), date(2026, 1, 2), None)
    assert whole([good], [], date(2026, 1, 2))
    assert not whole([good], [], date(2026, 1, 3))


def test_the_investor_who_works_at_a_desk_decides_by_hand() -> None:
    def filed(project: str) -> Admission | Refused:
        raw = body(
            procedure="social-housing-purchase",
            channel="investor",
            place={"project": project, "residence": "00103"},
            delivery="investor",
            facts={},
            papers=HOME_PAPERS,
        )
        party = "investor-beta" if project == "hoa-sua" else "investor-alpha"
        said, unread = read_body(raw)
        return admit(said, unread, Actor(kind="investor", party=party), CATALOGUE(), FRIDAY)

    by_rule, by_hand = filed("sao-mai"), filed("hoa-sua")
    assert isinstance(by_rule, Admission)
    assert isinstance(by_hand, Admission)
    assert (by_rule.promised is not None, by_hand.promised is not None) == (True, False)


@pytest.mark.parametrize("unit", list(Unit))
def test_every_limit_is_said_in_both_languages(unit: Unit) -> None:
    assert all(limit_words(Limit(unit, 1)))
    assert limit_words(None)[0] == "chưa hẹn ngày"


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_fault_says_what_to_do_in_both_languages(code: str) -> None:
    said = fault("f", code, ways="a", value="b", now="c", most=5)
    assert said.vi.endswith(".")
    assert said.en.endswith(".")
    assert "{" not in said.vi + said.en
