"""A second dossier of the same, and one too early: asked about once, taken when the person says so."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.domain.submission.confirmations import DUPLICATE, TOO_EARLY
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.submission_request import SubmissionReceipt
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.errors import Refused
from tests.builders.intake import JUDICIAL, body, filing

pytestmark = pytest.mark.integration

FORM_02: dict[str, Any] = JUDICIAL | {
    "procedure": "housing-condition-02",
    "place": {"chosen": "00475", "project": "sao-mai"},
    "facts": {"married": False, "owns_home": False},
    "papers": [{"type": "TOKHAI", "form": "02", "file": "tokhai.pdf", "bytes": 1320960}],
}
EARLY = body(FORM_02, place={"chosen": "00475", "project": "hoa-sua"})


def question_words(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [error.code for error in outcome.errors]


async def test_of_two_of_the_same_in_one_batch_the_second_is_asked_about(door: IntakeContext) -> None:
    first, second = await submit_dossiers(door, [filing(FORM_02), filing(FORM_02)])
    assert isinstance(first, SubmissionReceipt)
    assert isinstance(second, Refused)
    assert [one.value for one in second.errors[0].candidates] == [first.code]


async def test_another_project_or_person_is_nothing_odd(door: IntakeContext) -> None:
    elsewhere = body(FORM_02, place={"chosen": "00475", "project": "binh-minh"})
    somebody = body(FORM_02, applicant__id_number="099058770567")
    outcomes = await submit_dossiers(door, [filing(FORM_02), filing(elsewhere), filing(somebody)])
    assert all(isinstance(outcome, SubmissionReceipt) for outcome in outcomes), outcomes


async def test_what_has_ended_is_no_reason_to_ask(door: IntakeContext) -> None:
    (first,) = await submit_dossiers(door, [filing(FORM_02)])
    assert isinstance(first, SubmissionReceipt)
    await door.pool.execute(
        "INSERT INTO case_views (root_id, seq, state, record, updated_at)"
        " VALUES ($1, 9, 'completed', '{}', now())",
        first.dossier_id,
    )
    (second,) = await submit_dossiers(door, [filing(FORM_02)])
    assert isinstance(second, SubmissionReceipt)


async def test_both_questions_are_asked_at_once_and_what_was_said_is_kept(door: IntakeContext) -> None:
    await submit_dossiers(door, [filing(body(EARLY, confirmed=[TOO_EARLY]))])
    (outcome,) = await submit_dossiers(door, [filing(EARLY)])
    assert question_words(outcome) == [DUPLICATE, TOO_EARLY]
    (half,) = await submit_dossiers(door, [filing(body(EARLY, confirmed=[TOO_EARLY]))])
    assert question_words(half) == [DUPLICATE]
    (taken,) = await submit_dossiers(door, [filing(body(EARLY, confirmed=[TOO_EARLY, DUPLICATE]))])
    assert isinstance(taken, SubmissionReceipt)
    said = await door.pool.fetchval(
        "SELECT facts->>'confirmed' FROM audit_lines WHERE root_id = $1 AND act = 'dossier.submitted'",
        taken.dossier_id,
    )
    assert said == "duplicate,too_early"


async def test_what_was_confirmed_without_being_asked_is_not_written_down(door: IntakeContext) -> None:
    (taken,) = await submit_dossiers(door, [filing(body(FORM_02, confirmed=[DUPLICATE]))])
    assert isinstance(taken, SubmissionReceipt)
    audit = await door.pool.fetchval(
        "SELECT facts->>'confirmed' FROM audit_lines WHERE root_id = $1", taken.dossier_id
    )
    assert audit is None


async def test_the_same_key_is_free_until_it_is_confirmed(http: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    await http.post("/v1/dossiers", json=FORM_02, headers={"Idempotency-Key": str(uuid4())})
    asked = await http.post("/v1/dossiers", json=FORM_02, headers=key)
    again = await http.post("/v1/dossiers", json=FORM_02, headers=key)
    taken = await http.post("/v1/dossiers", json=FORM_02 | {"confirmed": [DUPLICATE]}, headers=key)
    assert (asked.status_code, again.status_code, taken.status_code) == (409, 409, 201)
