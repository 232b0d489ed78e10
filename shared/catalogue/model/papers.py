"""Which papers a dossier lacks, by the procedure's rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.catalogue.model.procedure import PaperRule, Procedure


class PaperLike(Protocol):
    """A declared paper: any class with these fields."""

    @property
    def type(self) -> str: ...

    @property
    def form(self) -> str | None: ...


class OwnedPaperLike(PaperLike, Protocol):
    """A declared paper and its holder; None: the applicant."""

    @property
    def holder(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """A missing paper, or any one of several alternatives."""

    any_of: tuple[PaperRule, ...]


Requirement = Callable[[Mapping[str, Any], str], bool]

RULES: Mapping[str, Requirement] = {
    "always": lambda facts, filed_by: True,
    "never": lambda facts, filed_by: False,
    "if_represented": lambda facts, filed_by: filed_by == "proxy" or facts.get("represented") is True,
    "if_family_members": lambda facts, filed_by: facts.get("family_members") is True,
    "if_not_resident_here": lambda facts, filed_by: facts.get("resident_here") is False,
    "if_single_and_asked": lambda facts, filed_by: (
        facts.get("married") is False and facts.get("marital_paper_asked") is True
    ),
    "one_of_02_03": lambda facts, filed_by: True,
    "one_of_income": lambda facts, filed_by: True,
}
"""The values of `required`. One paper of a group (`one_of_…`) is enough."""


def missing_papers(
    procedure: Procedure, facts: Mapping[str, Any], papers: Sequence[PaperLike], filed_by: str
) -> tuple[MissingPaper, ...]:
    """The missing papers, in the order of the procedure's list."""
    needed = [rule for rule in procedure.papers if RULES[rule.required](facts, filed_by)]
    groups: dict[str, list[PaperRule]] = {}
    for rule in needed:
        own_group = f"{rule.type} {rule.form}"
        groups.setdefault(rule.required if rule.required.startswith("one_of") else own_group, []).append(rule)
    return tuple(
        MissingPaper(tuple(rules))
        for rules in groups.values()
        if not any(satisfies(rule, paper) for rule in rules for paper in papers)
    )


def satisfies(rule: PaperRule, paper: PaperLike) -> bool:
    """Whether this paper satisfies the rule. A paper without a form satisfies any form of its type."""
    return rule.type == paper.type and (rule.form is None or paper.form in (None, rule.form))


def replaces_step(procedure: Procedure, document: str, holder: str, papers: Sequence[OwnedPaperLike]) -> bool:
    """Whether the dossier contains the step's document of this person, or an alternative of its group."""
    groups = {rule.required for rule in procedure.papers if rule.type == document} - {"always"}
    rules = [rule for rule in procedure.papers if rule.type == document or rule.required in groups]
    holder_papers = [paper for paper in papers if (paper.holder or "self") == holder]
    return any(satisfies(rule, paper) for rule in rules for paper in holder_papers)
