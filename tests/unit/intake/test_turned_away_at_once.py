"""A counter turns away what it cannot take in, at once, with its reason and rule; nobody else does."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain.submission.admission import (
    AdmittedSubmission,
    admit_submission,
    apply_confirmations,
)
from services.intake.domain.submission.confirmations import DuplicateDossier
from services.intake.domain.submission.immediate_refusal import immediate_refusal_check, unknown_reason
from services.intake.inbound.api.body import parse_submission
from shared.actor import Actor
from shared.errors import RefusalKind, Refused
from tests.builders import catalogue as city
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, MARRIAGE, body

REASON = next(iter(city.catalogue().reasons())).code
ELSEWHERE = Actor(kind="officer", role="counter", office="PASC-SP.00070")
AWAY = {"reason_code": REASON, "rule": "Điều 7", "text": "Hãy đến UBND phường nơi cư trú."}


def handed_in(actor: Actor | None, **changes: Any) -> AdmittedSubmission | Refused:
    raw = body(MARRIAGE, channel="counter", refused=AWAY, **changes)
    said, unread = parse_submission(raw)
    return admit_submission(said, unread, actor, city.catalogue(), FRIDAY)


def code_of(decided: AdmittedSubmission | Refused | None) -> str:
    assert isinstance(decided, Refused), decided
    return decided.code


def test_the_counter_it_is_handed_in_at_turns_it_away() -> None:
    decided = handed_in(COUNTER)
    assert isinstance(decided, AdmittedSubmission)
    assert decided.submission.refusal is not None
    assert decided.promise is None


def test_another_counter_may_not() -> None:
    assert code_of(handed_in(ELSEWHERE)) == "not_your_office"


@pytest.mark.parametrize(("channel", "actor"), [("online", COUNTER), ("kiosk", None), ("counter", None)])
def test_nobody_turns_away_what_was_filed_from_afar(channel: str, actor: Actor | None) -> None:
    barred = immediate_refusal_check(
        channel, actor, city.catalogue(), office="PASC-SP.00004", on=FRIDAY.date()
    )
    assert code_of(barred) == "counter_only"
    assert barred is not None
    assert barred.kind is RefusalKind.FORBIDDEN


def test_a_reason_that_is_not_in_the_list_is_named_with_the_list() -> None:
    decided = handed_in(COUNTER, refused__reason_code="because")
    assert isinstance(decided, Refused)
    assert [error.field for error in decided.errors] == ["refused.reason_code"]
    assert REASON in decided.errors[0].en


def test_every_reason_of_the_list_will_do() -> None:
    said, _ = parse_submission(body(MARRIAGE, channel="counter", refused=AWAY))
    assert said.refusal is not None
    for reason in city.catalogue().reasons():
        assert unknown_reason(replace(said.refusal, reason_code=reason.code), city.catalogue()) is None


def test_what_is_turned_away_is_not_asked_about_twice() -> None:
    decided = handed_in(COUNTER)
    assert isinstance(decided, AdmittedSubmission)
    assert (
        apply_confirmations(decided, DuplicateDossier("H26.1", FRIDAY), city.catalogue(), FRIDAY) is decided
    )
