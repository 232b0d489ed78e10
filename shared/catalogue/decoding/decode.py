"""Decoding of published items (plain JSON) to the immutable values of `model`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shared.catalogue.model.procedure import (
    AskedFact,
    Condition,
    FanOut,
    Fees,
    Outcome,
    PaperRule,
    Procedure,
    Step,
)
from shared.catalogue.model.vocabulary import Channel, Fact, PaperType, RefusalReason
from shared.outcomes import StepOutcome
from shared.words import BilingualText
from shared.worktime import Limit, Unit, WarningThresholds
from shared.worktime.ledger.thresholds import DEFAULT_THRESHOLDS

Json = Mapping[str, Any]


def decode_words(raw: Json) -> BilingualText:
    """A text in both languages."""
    return BilingualText(raw["vi"], raw["en"])


def decode_limit(raw: Json | None) -> Limit | None:
    """A limit, or None."""
    return None if raw is None else Limit(Unit(raw["unit"]), raw["amount"])


def decode_extension(raw: Json | None) -> Limit | None:
    """The longest extension that the law allows; None if it says nothing."""
    extension = raw.get("extension") if raw else None
    return Limit(Unit(extension["unit"]), extension["max_value"]) if extension else None


def decode_thresholds(rules: Json) -> WarningThresholds:
    """The default warning thresholds; those of the code for a catalogue published without any."""
    return _thresholds(
        {name: rule["value"] for name, rule in (rules.get("warn") or {}).items()}, DEFAULT_THRESHOLDS
    )


def decode_procedure(
    raw: Json,
    papers: Mapping[str, PaperType],
    default_step: Limit,
    online: Json,
    thresholds: WarningThresholds = DEFAULT_THRESHOLDS,
) -> Procedure:
    """One version of a procedure. `online`: the channels by code, for those that count as another."""
    outcome = raw["outcome"]
    return Procedure(
        id=raw["id"],
        version=raw["version"],
        national_code=raw["national_code"],
        effective_from=date.fromisoformat(raw["effective_from"]),
        effective_to=date.fromisoformat(raw["effective_to"]) if raw["effective_to"] else None,
        name=decode_words(raw["name"]),
        short=decode_words(raw["short"]),
        description=decode_words(raw["description"]),
        legal=tuple(_law(law) for law in raw["legal"]),
        channels=_channels(raw["channels"], online),
        receives=raw["receives"],
        lead=raw["lead"],
        steps=_steps(raw["steps"], default_step),
        total=decode_limit(raw["total"]),
        counts_from=raw["counts_from"],
        papers=tuple(_paper_rule(paper, papers) for paper in raw["papers"]),
        facts=tuple(AskedFact(fact["name"], fact["required"]) for fact in raw["facts"]),
        fees=Fees(raw["fees"]["counter"], raw["fees"]["online"], raw["fees"].get("before_work_days")),
        outcome=Outcome(
            outcome["document"],
            decode_words(outcome["name"]) if outcome.get("name") else papers[outcome["document"]].name,
            tuple(outcome["delivery"]),
            denial_needs_basis=outcome.get("denial_basis") is not None,
        ),
        places=dict(raw["places"]),
        auto_accept=raw["auto_accept"],
        by_hand=frozenset(raw.get("by_hand") or ()),
        private=raw["private"],
        extension=decode_extension(raw["total"]),
        thresholds=_thresholds(raw.get("warn") or {}, thresholds),
        interlinked=raw.get("interlinked", False),
    )


def decode_fact(name: str, raw: Json) -> Fact:
    """A fact of the vocabulary."""
    return Fact(
        name=name,
        type=raw["type"],
        label=decode_words(raw["label"]),
        help=decode_words(raw["help"]) if raw.get("help") else None,
        values={value: decode_words(label) for value, label in (raw.get("values") or {}).items()},
        routing=raw["routing"],
        told_by=raw["told_by"],
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        longest=raw.get("longest") or 200,
    )


WHEN_SUBMITTED = frozenset({"submission_to_investor", "submission_to_receiver"})
"""Values of `checked_at` by which a paper must be valid on the day it is handed in."""


def decode_paper_type(type: str, raw: Json) -> PaperType:
    """A type of paper."""
    validity = raw.get("validity")
    checked_at = validity.get("checked_at", ()) if validity else ()
    return PaperType(
        type=type,
        name=decode_words(raw["name"]),
        short=decode_words(raw["short"]),
        private=raw["private"],
        validity=decode_limit(validity),
        validity_kind=validity["kind"] if validity else None,
        counts_when_submitted=not WHEN_SUBMITTED.isdisjoint(checked_at),
    )


def _law(raw: Json | str) -> BilingualText:
    """A law that a procedure rests on. An earlier release published one name for both languages."""
    return BilingualText(raw, raw) if isinstance(raw, str) else decode_words(raw)


def decode_reason(code: str, raw: Json) -> RefusalReason:
    """A reason to refuse a dossier."""
    needs_text = bool(raw.get("needs_text"))
    return RefusalReason(code, decode_words(raw["words"]), decode_words(raw["rule"]), needs_text)


def decode_channel(code: str, raw: Json) -> Channel:
    """A channel of filing."""
    return Channel(code, decode_words(raw["name"]), decode_words(raw["hint"]), raw["counts_as"])


def _thresholds(raw: Json, defaults: WarningThresholds) -> WarningThresholds:
    values = {name: raw[name] for name in ("percent_left", "days_left", "hours_left") if raw.get(name)}
    return replace(defaults, **values)


def _channels(channels: list[str], counts_as: Json) -> tuple[str, ...]:
    """The channels of a procedure with those that count as one of them (a kiosk counts as online)."""
    return (
        *channels,
        *(code for code, counterpart in counts_as.items() if code == "kiosk" and counterpart in channels),
    )


OUTCOME_FIELDS = frozenset({"outcomes", "decides", "denial_ends"})


def _steps(raw: Sequence[Json], default: Limit) -> tuple[Step, ...]:
    """The steps of a version. One published before steps had outcomes is decided by its last steps."""
    steps = tuple(_step(step, default) for step in raw)
    if any(OUTCOME_FIELDS.intersection(step) for step in raw):
        return steps
    decided: list[Step] = []
    for step in steps:
        if _may_be_last(step, steps):
            decided.append(replace(step, outcomes=tuple(StepOutcome), decides=True))
        else:
            decided.append(step)
    return tuple(decided)


def _may_be_last(step: Step, steps: Sequence[Step]) -> bool:
    """Whether some plan has nothing after this step: all that follows it depends on a fact."""
    followers = [other for other in steps if step.id in other.after]
    return all(other.when is not None and _may_be_last(other, steps) for other in followers)


def _step(raw: Json, default: Limit) -> Step:
    when = raw.get("when")
    limit = decode_limit(raw["limit"])
    return Step(
        id=raw["id"],
        role=raw["role"],
        title=decode_words(raw["title"]),
        what=decode_words(raw["what"]),
        after=tuple(raw["after"]),
        limit=limit or default,
        limit_is_default=limit is None,
        when=Condition(when["fact"], when["equals"]) if when else None,
        excluded=bool(raw.get("excluded")),
        pauses_clock=bool(raw.get("pauses_clock")),
        actor=raw.get("actor"),
        follows_window=raw.get("follows") == "window",
        appointment=bool(raw.get("appointment")),
        fan_out=_fan_out(raw.get("fan_out")),
        child=raw.get("child"),
        makes=raw.get("makes"),
        paper_of=raw.get("paper_of") or "self",
        outcomes=tuple(StepOutcome(word) for word in raw.get("outcomes") or ()),
        decides=bool(raw.get("decides")),
        denial_ends=bool(raw.get("denial_ends")),
    )


def _fan_out(raw: Json | None) -> FanOut | None:
    return FanOut(tuple(raw["roles"]), raw["max"], raw["silence"]) if raw else None


def _paper_rule(raw: Json, papers: Mapping[str, PaperType]) -> PaperRule:
    return PaperRule(raw["type"], raw.get("form"), raw["required"], papers[raw["type"]].name)
