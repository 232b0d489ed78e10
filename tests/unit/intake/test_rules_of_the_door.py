"""The rules of the door: states, codes, secrets, who may do what, who can be reached."""

from datetime import date
from typing import Any

import pytest

from services.intake.domain.dossier.checklist import DeclaredPaper, is_complete
from services.intake.domain.dossier.code import format_code, looks_like_code
from services.intake.domain.dossier.promise import format_first_limit
from services.intake.domain.dossier.secret import (
    ALPHABET,
    generate_link_ref,
    generate_secret,
    normalize_secret,
)
from services.intake.domain.dossier.state import TABLE, next_state
from services.intake.domain.dossier.submission import ContactDetails
from services.intake.domain.submission.access import decision_refusal, filing_refusal
from services.intake.domain.submission.admission import AdmittedSubmission, admit_submission
from services.intake.domain.submission.contact_rules import check_contact, normalize_contact
from services.intake.inbound.api.body import parse_submission
from services.intake.words import WORDS, field_error
from shared.actor import Actor
from shared.errors import Refused
from shared.states import State, StateEvent
from shared.typed_input.dossier_code import normalize_code
from shared.worktime import Limit, Unit
from tests.builders import catalogue as city
from tests.builders.counters import COUNTER
from tests.builders.intake import ALPHA, FRIDAY, HOME_PAPERS, JUDICIAL, MARRIAGE, body

CATALOGUE = city.catalogue


def paper(**changes: Any) -> dict[str, Any]:
    """A paper as declared."""
    return {"type": "TOKHAI", "file": "a.pdf"} | changes


def refused_fields(raw: dict[str, Any], actor: Actor | None = None) -> dict[str, str]:
    """The fields refused, with their codes."""
    said, unread = parse_submission(raw)
    decided = admit_submission(said, unread, actor, CATALOGUE(), FRIDAY)
    return {e.field: e.code for e in decided.errors} if isinstance(decided, Refused) else {}


def test_the_table_is_the_citys_for_all_the_door_owns_and_nothing_more() -> None:
    rows = CATALOGUE().state_table()["transitions"]
    theirs = [(r["from"], r["event"], r["to"], r["by"]) for r in rows if r["owner"] == "intake"]
    ours = [(row.from_.value, row.event.value, row.to.value, row.actor) for row in TABLE]
    assert sorted(ours) == sorted(theirs)


@pytest.mark.parametrize("place", [State.SUBMITTED, State.SUPPLEMENT_REQUESTED])
def test_a_withdrawal_cancelled_at_the_door_leads_back_where_it_was_asked(place: State) -> None:
    assert next_state(place, StateEvent.WITHDRAWAL_REQUESTED) is State.WITHDRAWAL_REQUESTED
    assert next_state(State.WITHDRAWAL_REQUESTED, StateEvent.WITHDRAWAL_CANCELLED, resume_to=place) is place


def test_papers_owed_at_the_door_come_before_acceptance() -> None:
    assert isinstance(next_state(State.SUPPLEMENT_REQUESTED, StateEvent.ACCEPTED), Refused)
    assert next_state(State.SUPPLEMENT_REQUESTED, StateEvent.SUPPLEMENTED) is State.SUBMITTED


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REFUSED])
@pytest.mark.parametrize("fact", list(StateEvent))
def test_a_decision_at_the_door_is_taken_once(state: State, fact: StateEvent) -> None:
    assert isinstance(next_state(state, fact), Refused)


def test_codes_count_by_day_and_ten_thousand_follows() -> None:
    day = date(2026, 3, 6)
    assert format_code("H26.X", day, 1) == "H26.X-260306-0001"
    assert format_code("H26.X", day, 10_000) == "H26.X-260306-10000"
    assert normalize_code(" h26.x-260306 -0001\n") == "H26.X-260306-0001"
    assert looks_like_code("H26.103.25.7-250908-0112")


def test_secrets_are_eleven_letters_nobody_takes_for_another() -> None:
    secret, link = generate_secret(), generate_link_ref()
    assert (len(secret), len(link), len(set(ALPHABET))) == (11, 8, 23)
    assert set(secret) <= set(ALPHABET)
    assert not set("01ILOU") & set(ALPHABET)
    assert len(ALPHABET) ** len(secret) > 30**10  # no easier to guess than those on slips printed before
    assert normalize_secret(f" {secret[:5].lower()}-{secret[5:]} ") == secret


def test_secrets_use_every_letter() -> None:
    assert set("".join(generate_secret() for _ in range(400))) == set(ALPHABET)


@pytest.mark.parametrize(
    ("contact", "channel", "field"),
    [
        (ContactDetails(phone="+8490000012"), "online", "contact.phone"),
        (ContactDetails(phone="02438255555"), "online", "contact.phone"),
        (ContactDetails(email="khong phai thu"), "online", "contact.email"),
        (ContactDetails(email="a@b"), "online", "contact.email"),
        (ContactDetails(email="a@example.vn\nBcc: b@example.vn"), "online", "contact.email"),
        (ContactDetails(), "online", "contact.phone"),
        (ContactDetails(letter=True), "online", "contact.phone"),
    ],
)
def test_nobody_who_cannot_be_reached_is_let_in_silently(
    contact: ContactDetails, channel: str, field: str
) -> None:
    assert [error.field for error in check_contact(contact, channel)] == [field]


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        (ContactDetails(phone="0900000042"), "online"),
        (ContactDetails(phone="+84 900 000 042"), "online"),
        (ContactDetails(phone="02438255555", text="voice"), "online"),
        (ContactDetails(phone="02438255555", email="vidu@example.vn"), "online"),
        (ContactDetails(letter=True, text="voice"), "home"),
    ],
)
def test_whoever_can_be_reached_somehow_is_in_order(contact: ContactDetails, channel: str) -> None:
    assert list(check_contact(contact, channel)) == []


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("+447400123456", "foreign_phone"),
        ("+85512345678", "foreign_phone"),
        ("+8613812345678", "foreign_phone"),
        ("+881612345678", "costly_phone"),
        ("+870773111632", "costly_phone"),
        ("+979123456789", "costly_phone"),
        ("1900 1009 11", "costly_phone"),
        ("+449098790879", "costly_phone"),
        ("+448431234567", "costly_phone"),
    ],
)
def test_texts_go_to_ordinary_numbers_of_the_country(phone: str, code: str) -> None:
    contact = ContactDetails(phone=phone, email="vidu@example.vn")
    assert [error.code for error in check_contact(contact, "online")] == [code]
    allowed = [error.code for error in check_contact(contact, "online", foreign_phones=True)]
    assert allowed == [code] * (code == "costly_phone")


def test_a_number_is_kept_as_the_networks_write_it() -> None:
    assert normalize_contact(ContactDetails(phone="0900 000 042")).phone == "+84900000042"


def test_strangers_file_from_afar_and_officers_where_they_meet_people() -> None:
    assert filing_refusal(None, "kiosk") is None
    assert filing_refusal(None, "counter") is not None
    assert filing_refusal(COUNTER, "home") is None
    assert filing_refusal(COUNTER, "investor") is not None
    assert filing_refusal(ALPHA, "investor") is None


def test_a_counter_decides_for_its_own_office_and_a_party_for_those_it_serves() -> None:
    on = FRIDAY.date()
    officer = Actor(kind="officer", role="counter", office="PASC-SP.00004")
    assert decision_refusal(officer, CATALOGUE(), "PASC-SP.00004", on) is None
    assert decision_refusal(officer, CATALOGUE(), "PASC-SP.00070", on) is not None
    assert decision_refusal(ALPHA, CATALOGUE(), "INV.sao-mai", on) is None
    assert decision_refusal(ALPHA, CATALOGUE(), "INV.hoa-sua", on) is not None
    assert (
        decision_refusal(Actor(kind="officer", role="operator"), CATALOGUE(), "PASC-SP.00070", on) is not None
    )


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
    assert refused_fields(body(JUDICIAL, **changes), actor) == expected


def test_a_former_ward_gets_its_successors_offered_the_likely_one_first() -> None:
    said, unread = parse_submission(body(MARRIAGE, place={"chosen": "00478"}))
    decided = admit_submission(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, Refused)
    (error,) = decided.errors
    assert [(c.value, c.likely) for c in error.candidates] == [("00454", True), ("00475", False)]


def test_a_missing_or_expired_paper_is_no_reason_to_turn_it_away() -> None:
    said, unread = parse_submission(
        body(MARRIAGE, papers=[{"type": "XN-HONNHAN", "file": "x.pdf", "issued_on": "2025-07-01"}])
    )
    decided = admit_submission(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, AdmittedSubmission)
    assert [str(one) for one in decided.papers_to_bring] == ["TOKHAI"]
    assert [paper.is_expired(FRIDAY.date()) for paper in decided.papers] == [True]
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
    said, unread = parse_submission(body(JUDICIAL, papers=papers))
    decided = admit_submission(said, unread, None, CATALOGUE(), FRIDAY)
    assert isinstance(decided, AdmittedSubmission)
    assert (decided.promise is not None) is accepted


def test_a_rule_does_not_accept_a_paper_whose_last_day_is_over() -> None:
    good = DeclaredPaper("MAU02", None, None, date(2025, 7, 2), date(2026, 1, 2), None)
    assert is_complete([good], [], date(2026, 1, 2))
    assert not is_complete([good], [], date(2026, 1, 3))


def test_the_investor_who_works_at_a_desk_decides_by_hand() -> None:
    def submit(project: str) -> AdmittedSubmission | Refused:
        raw = body(
            procedure="social-housing-purchase",
            channel="investor",
            place={"project": project, "residence": "00103"},
            delivery="investor",
            facts={},
            papers=HOME_PAPERS,
        )
        party = "investor-beta" if project == "hoa-sua" else "investor-alpha"
        said, unread = parse_submission(raw)
        return admit_submission(said, unread, Actor(kind="investor", party=party), CATALOGUE(), FRIDAY)

    by_rule, by_hand = submit("sao-mai"), submit("hoa-sua")
    assert isinstance(by_rule, AdmittedSubmission)
    assert isinstance(by_hand, AdmittedSubmission)
    assert (by_rule.promise is not None, by_hand.promise is not None) == (True, False)


@pytest.mark.parametrize("unit", list(Unit))
def test_every_limit_is_said_in_both_languages(unit: Unit) -> None:
    assert format_first_limit(Limit(unit, 1)).vi
    assert format_first_limit(Limit(unit, 1)).en
    assert format_first_limit(None).vi == "chưa hẹn ngày"


@pytest.mark.parametrize("key", sorted(WORDS.field_errors))
def test_every_fault_says_what_to_do_in_both_languages(key: str) -> None:
    said = field_error("f", key, **dict.fromkeys(WORDS.field_errors[key].words.placeholders, "x"))
    assert said.vi.endswith(".")
    assert said.en.endswith(".")
    assert "{" not in said.vi + said.en
