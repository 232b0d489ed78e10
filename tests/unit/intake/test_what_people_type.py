"""What people type into a submission: read, asked, or refused with one true sentence for one mistake."""

from typing import Any

import pytest

from services.intake.domain.submission.admission import (
    AdmittedSubmission,
    admit_submission,
    apply_confirmations,
)
from services.intake.inbound.api.body import parse_submission
from services.intake.usecases.person import decrypt_person, encrypt_person
from shared.errors import FieldError, Refused
from shared.events.identifiers import uuid7
from tests.builders.catalogue import catalogue
from tests.builders.intake import FRIDAY, JUDICIAL, body

BIRTH: dict[str, Any] = {
    "procedure": "birth-interlinked",
    "place": {"residence": "00004"},
    "facts": {"child_name": "Ngô Ví Dụ An", "child_born": "1/3/2026"},
}


def admit(**changes: Any) -> AdmittedSubmission | Refused:
    read, unread = parse_submission(body(JUDICIAL, **changes))
    admitted = admit_submission(read, unread, None, catalogue(), FRIDAY)
    if isinstance(admitted, Refused):
        return admitted
    return apply_confirmations(admitted, None, catalogue(), FRIDAY)


def errors(**changes: Any) -> list[FieldError]:
    refused = admit(**changes)
    assert isinstance(refused, Refused), "it was admitted"
    return list(refused.errors)


def admitted(**changes: Any) -> AdmittedSubmission:
    outcome = admit(**changes)
    assert isinstance(outcome, AdmittedSubmission), outcome
    return outcome


def test_a_phone_with_letters_is_never_guessed() -> None:
    (error,) = errors(contact={"phone": "0912 OOO 678"})
    assert (error.field, error.code) == ("contact.phone", "bad_phone")
    assert "chữ" in error.vi


@pytest.mark.parametrize(
    ("changes", "field", "code", "number"),
    [
        ({"contact": {"email": "a" * 250 + "@example.vn"}}, "contact.email", "too_long", "254"),
        ({"contact": {"email": "a" * 100 + "@example.vn"}}, "contact.email", "too_long", "64"),
        ({"applicant__name": "Ngô " * 70}, "applicant.name", "too_long", "254"),
        ({"contact": {"phone": "0" * 70}}, "contact.phone", "too_long", "60"),
        ({"facts": {"for_use": "x" * 5000}}, "facts.for_use", "too_long", ""),
        ({"confirmed": ["duplicate"] * 9}, "confirmed", "too_many", "3"),
    ],
)
def test_one_limit_is_one_sentence_with_its_number(
    changes: dict[str, Any], field: str, code: str, number: str
) -> None:
    (error,) = errors(**changes)
    assert (error.field, error.code) == (field, code)
    assert number in error.vi
    assert number in error.en


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "ten@gmail..com"},
        {"email": "ten@gmail..com", "phone": "024 3825 5555"},
        {"email": 5},
        {"phone": 5},
        {"phone": "0912", "email": None},
        "0912 345 678",
    ],
)
def test_one_mistake_in_a_contact_is_one_sentence(contact: Any) -> None:
    assert len(errors(contact=contact)) == 1


def test_an_address_no_server_takes_is_refused() -> None:
    (error,) = errors(contact={"email": "ten@gmail..com"})
    assert (error.field, error.code) == ("contact.email", "bad_email")


@pytest.mark.parametrize(
    "sign", ["\u2028", "\u0085", "\uffff", "\ufffd", "\t", "\u0301\u0323" * 100, "\ue000"], ids=ascii
)
@pytest.mark.parametrize("field", ["applicant.name", "facts.for_use", "papers.0.file"])
def test_signs_nobody_can_read_are_refused(sign: str, field: str) -> None:
    text = f"Ngô {sign}Việt"
    changes: dict[str, Any] = {
        "applicant.name": {"applicant__name": text},
        "facts.for_use": {"facts": {"for_use": text}},
        "papers.0.file": {"papers": [{"type": "TOKHAI", "file": text}]},
    }[field]
    (error,) = errors(**changes)
    assert (error.field, error.code) == (field, "bad_characters")


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\u00ad", "\ufeff"], ids=ascii)
def test_signs_nobody_sees_are_taken_out(sign: str) -> None:
    submission = admitted(
        applicant__name=f"Ngô {sign}Việt",
        facts={"for_use": f"xin{sign} việc"},
        papers=[{"type": "TOKHAI", "file": f"to{sign}khai.pdf"}],
    ).submission
    assert submission.applicant.name == "Ngô Việt"
    assert submission.facts["for_use"] == "xin việc"
    assert submission.papers[0].file == "tokhai.pdf"


def test_everything_is_kept_as_it_was_understood() -> None:
    submission = admitted(
        applicant={
            "name": " Ngo\u0302  Vi\u0301 Du\u0323 ",
            "sex": "nam",
            "born": "ngày 1 tháng 3 năm 1958",
            "id_number": "099 058 770 566",
        },
        contact={"phone": "0084 900.000.042", "email": " Vidu042@EXAMPLE.vn. "},
        papers=[{"type": "TOKHAI", "file": "a.pdf", "issued_on": "1/3/2026"}],
    ).submission
    applicant, contact = submission.applicant, submission.contact
    assert (applicant.name, str(applicant.born)) == ("Ngô Ví Dụ", "1958-03-01")
    assert applicant.id_number == "099058770566"
    assert (contact.phone, contact.email) == ("+84900000042", "Vidu042@example.vn")
    assert str(submission.papers[0].issued_on) == "2026-03-01"


def test_a_year_alone_is_a_date_of_birth_and_is_stored_as_one() -> None:
    submission = admitted(applicant__born="1958").submission
    assert str(submission.applicant.born) == "1958"
    subject, key = uuid7(), bytes(32)
    person = decrypt_person(key, encrypt_person(key, subject, submission, "2345678ABCD"))
    assert person.applicant == submission.applicant


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("1.2.50", "which_year"),
        ("31/2/1950", "no_such_day"),
        ("hè 1950", "bad_day"),
        ("2027", "in_the_future"),
    ],
)
def test_a_date_that_can_mean_two_things_is_asked(born: str, code: str) -> None:
    (error,) = errors(applicant__born=born)
    assert (error.field, error.code) == ("applicant.born", code)


def test_a_day_among_the_facts_is_read_like_every_other() -> None:
    read, unread = parse_submission(body(JUDICIAL, **BIRTH))
    outcome = admit_submission(read, unread, None, catalogue(), FRIDAY)
    codes = {error.field: error.code for error in outcome.errors} if isinstance(outcome, Refused) else {}
    assert "facts.child_born" not in codes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"applicant__sex": "nữ"}, ("giới tính nam",)),
        ({"applicant__born": "1959-03-01"}, ("sinh năm 1958",)),
        ({"applicant__born": "1959"}, ("sinh năm 1958",)),
        ({"applicant__sex": "nữ", "applicant__born": "1959"}, ("giới tính nam", "sinh năm 1958")),
    ],
)
def test_an_identity_number_that_tells_otherwise_is_asked_about_once(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused = admit(**changes)
    assert isinstance(refused, Refused)
    (error,) = refused.errors
    assert (refused.code, error.field, error.code) == ("needs_confirmation", "confirmed", "id_mismatch")
    assert all(word in error.vi for word in words)
    assert "099058770566" not in error.vi
    assert admitted(**changes, confirmed=["id_mismatch"]).confirmed == ("id_mismatch",)


@pytest.mark.parametrize("sex", ["nam", "khác", None])
def test_nothing_is_asked_where_nothing_contradicts(sex: str | None) -> None:
    assert admitted(applicant__sex=sex).confirmed == ()
