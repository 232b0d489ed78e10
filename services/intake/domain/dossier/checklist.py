"""The papers of a dossier beside the procedure's list: have, missing, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.intake.domain.dossier.submission import BY_PROXY, Paper, Submission
from shared.catalogue import Catalogue, MissingPaper, Procedure, missing_papers
from shared.worktime import paper_valid_until

EXPIRES = "expires"
APPLICANT = "self"


@dataclass(frozen=True, slots=True)
class DeclaredPaper:
    """A paper as kept beside its dossier: nothing of a person but the kind, dates and whose it is."""

    type: str
    form: str | None
    holder: str | None
    issued_on: date | None
    valid_until: date | None
    bytes: int | None

    def is_expired(self, today: date) -> bool:
        """Is its last day over?"""
        return self.valid_until is not None and self.valid_until < today


@dataclass(frozen=True, slots=True)
class PaperToBring:
    """A paper still to bring, or any one of several: their types with forms (`TOKHAI/02`)."""

    any_of: tuple[str, ...]

    def __str__(self) -> str:
        return " | ".join(self.any_of)


def declare_papers(catalogue: Catalogue, papers: Sequence[Paper]) -> tuple[DeclaredPaper, ...]:
    """The papers with the last day each is good, by its own policy."""
    return tuple(_declare(catalogue, paper) for paper in papers)


def papers_to_bring(procedure: Procedure, submission: Submission) -> tuple[PaperToBring, ...]:
    """What the list asks for and the dossier has not. No reason to turn it away at filing."""
    facts = {
        **submission.facts,
        "represented": submission.facts.get("represented", submission.filed_by == BY_PROXY),
    }
    applicant_papers = [
        paper for paper in submission.papers if paper.type and paper.holder in (None, APPLICANT)
    ]
    missing_papers_found = missing_papers(
        procedure,
        facts,
        [_PaperKind(paper.type or "", paper.form) for paper in applicant_papers],
        submission.filed_by or "",
    )
    return tuple(_paper_to_bring(missing) for missing in missing_papers_found)


def is_complete(papers: Sequence[DeclaredPaper], missing: Sequence[PaperToBring], today: date) -> bool:
    """Nothing is missing and nothing has run out: only then may a rule accept it in a person's place."""
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
    )


def _valid_until(catalogue: Catalogue, paper: Paper) -> date | None:
    kind = catalogue.paper_type(paper.type or "")
    if paper.issued_on is None or kind.validity is None or kind.validity_kind != EXPIRES:
        return None
    return paper_valid_until(paper.issued_on, kind.validity).date()


def _paper_to_bring(missing: MissingPaper) -> PaperToBring:
    return PaperToBring(
        tuple(f"{rule.type}/{rule.form}" if rule.form else rule.type for rule in missing.any_of)
    )
