"""Which papers a dossier still lacks, by the procedure's rules. What that means is for the caller to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.catalogue.model.procedure import PaperRule, Procedure


class PaperLike(Protocol):
    """A paper as declared; any class with these fields will do."""

    @property
    def type(self) -> str: ...

    @property
    def form(self) -> str | None: ...


class OwnedPaperLike(PaperLike, Protocol):
    """A paper, and whose it is; None: of the person who applies."""

    @property
    def holder(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """One thing to ask for: a paper, or any one of several."""

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
"""The closed words of `required`. One of a group (`one_of_…`) is enough."""


def missing_papers(
    procedure: Procedure, facts: Mapping[str, Any], papers: Sequence[PaperLike], filed_by: str
) -> tuple[MissingPaper, ...]:
    """What is still missing, in the order of the procedure's list."""
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
    """Does this paper answer the rule? A paper that names no form answers any form of its type."""
    return rule.type == paper.type and (rule.form is None or paper.form in (None, rule.form))


def replaces_step(procedure: Procedure, document: str, holder: str, papers: Sequence[OwnedPaperLike]) -> bool:
    """Did this person file the document with the dossier, or another paper of the same one-of group?"""
    groups = {rule.required for rule in procedure.papers if rule.type == document} - {"always"}
    rules = [rule for rule in procedure.papers if rule.type == document or rule.required in groups]
    holder_papers = [paper for paper in papers if (paper.holder or "self") == holder]
    return any(satisfies(rule, paper) for rule in rules for paper in holder_papers)
