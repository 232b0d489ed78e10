"""The papers of a dossier compared with the procedure's list: declared, missing, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.intake.domain.dossier.submission import BY_PROXY, Paper, Submission
from shared.catalogue import Catalogue, MissingPaper, PaperRule, Procedure, missing_papers
from shared.worktime import paper_valid_until

EXPIRES = "expires"
APPLICANT = "self"
SUBMISSION, ACCEPTANCE = "submission", "acceptance"
"""The days on which a paper may have to be valid."""


@dataclass(frozen=True, slots=True)
class DeclaredPaper:
    """A declared paper as stored with its dossier, without personal data: kind, dates, role of its holder.

    `counts_on`: the day on which it must be valid: of its `submission`, or of the dossier's `acceptance`.
    """

    type: str
    form: str | None
    holder: str | None
    issued_on: date | None
    valid_until: date | None
    bytes: int | None
    counts_on: str = ACCEPTANCE

    def is_expired(self, on: date) -> bool:
        """Whether its last valid day has passed on the day that counts."""
        return self.valid_until is not None and self.valid_until < on


@dataclass(frozen=True, slots=True)
class PaperToBring:
    """A paper still to bring, or any one of several: their types with forms (`TOKHAI/02`)."""

    any_of: tuple[str, ...]

    def __str__(self) -> str:
        return " | ".join(self.any_of)


def declare_papers(catalogue: Catalogue, papers: Sequence[Paper]) -> tuple[DeclaredPaper, ...]:
    """The papers with the last valid day of each, by the validity that the catalogue gives its type."""
    return tuple(_declare(catalogue, paper) for paper in papers)


def papers_to_bring(procedure: Procedure, submission: Submission) -> tuple[PaperToBring, ...]:
    """Papers that the procedure requires and the submission lacks. A missing paper does not block filing."""
    facts = {
        **submission.facts,
        "represented": submission.facts.get("represented", submission.filed_by == BY_PROXY),
    }
    applicant_papers = [
        paper for paper in submission.papers if paper.type and paper.holder in (None, APPLICANT)
    ]
    kinds = [_PaperKind(paper.type or "", paper.form) for paper in applicant_papers]
    missing = missing_papers(procedure, facts, kinds, submission.filed_by or "")
    return tuple(_paper_to_bring(paper) for paper in missing)


def is_complete(papers: Sequence[DeclaredPaper], missing: Sequence[PaperToBring], today: date) -> bool:
    """Whether no paper is missing or expired: only then may a rule accept the dossier without a person."""
    return not missing and not any(paper.is_expired(today) for paper in papers)


@dataclass(frozen=True, slots=True)
class _PaperKind:
    type: str
    form: str | None


def _declare(catalogue: Catalogue, paper: Paper) -> DeclaredPaper:
    return DeclaredPaper(
        type=paper.type or "",
        form=paper.form,
        holder=paper.holder,
        issued_on=paper.issued_on,
        valid_until=_valid_until(catalogue, paper),
        bytes=paper.bytes,
        counts_on=SUBMISSION if catalogue.paper_type(paper.type or "").counts_when_submitted else ACCEPTANCE,
    )


def _valid_until(catalogue: Catalogue, paper: Paper) -> date | None:
    kind = catalogue.paper_type(paper.type or "")
    if paper.issued_on is None or kind.validity is None or kind.validity_kind != EXPIRES:
        return None
    return paper_valid_until(paper.issued_on, kind.validity).date()


def _paper_to_bring(missing: MissingPaper) -> PaperToBring:
    return PaperToBring(tuple(_type_with_form(rule) for rule in missing.any_of))


def _type_with_form(rule: PaperRule) -> str:
    return f"{rule.type}/{rule.form}" if rule.form else rule.type
