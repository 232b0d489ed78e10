"""The checklist of papers on the pages of a dossier."""

from dataclasses import dataclass
from datetime import date

from services.intake.domain.dossier.checklist import DeclaredPaper
from services.intake.domain.dossier.dossier import Dossier
from services.intake.words import group
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.model.paper_names import alternative_names
from shared.words import BilingualText

HOLDERS = group("paper_holders")


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One line of the checklist. `state`: have, missing or expired, on the day that counts.

    `has_run_out`: it is not valid today, whatever it was then.
    """

    name: BilingualText
    state: str
    form: str | None = None
    holder: BilingualText | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    has_run_out: bool = False


def checklist_rows(
    dossier: Dossier, procedure: Procedure, catalogue: Catalogue, today: date
) -> list[ChecklistRow]:
    """One row per paper: first the missing ones, then the expired, then the others."""
    missing: list[ChecklistRow] = []
    for paper in dossier.papers_to_bring:
        name = alternative_names(paper.any_of, procedure, catalogue)
        missing.append(ChecklistRow(name, "missing"))
    have = [_declared_row(dossier, paper, catalogue, today) for paper in dossier.papers]
    return missing + sorted(have, key=lambda row: row.state != "expired")


def _declared_row(dossier: Dossier, paper: DeclaredPaper, catalogue: Catalogue, today: date) -> ChecklistRow:
    return ChecklistRow(
        name=catalogue.paper_type(paper.type).name,
        state="expired" if dossier.is_expired(paper, today) else "have",
        form=paper.form,
        holder=HOLDERS.get(paper.holder or ""),
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        has_run_out=paper.is_expired(today),
    )
