"""The papers of a dossier as the counter checks them: have, missing, expired."""

from dataclasses import dataclass
from datetime import date

from services.intake.domain.checklist import DeclaredPaper
from services.intake.domain.dossier import Dossier
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.asked import one_of
from shared.catalogue.words import Words

HOLDERS = {
    "spouse": Words("của vợ, chồng", "the spouse's"),
    "child": Words("của con", "the child's"),
    "parent": Words("của cha, mẹ", "a parent's"),
    "other": Words("của người khác", "someone else's"),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the checklist. `state`: have, missing or expired."""

    name: Words
    state: str
    form: str | None = None
    holder: Words | None = None
    issued_on: date | None = None
    valid_until: date | None = None


def paper_lines(dossier: Dossier, procedure: Procedure, catalogue: Catalogue, today: date) -> list[PaperLine]:
    """What needs eyes first: missing, then expired, then what is there."""
    wanted = (one_of(each.any_of, procedure, catalogue) for each in dossier.wanted)
    missing = [PaperLine(name, "missing") for name in wanted]
    have = [_declared(paper, catalogue, today) for paper in dossier.papers]
    return missing + sorted(have, key=lambda line: line.state != "expired")


def _declared(paper: DeclaredPaper, catalogue: Catalogue, today: date) -> PaperLine:
    return PaperLine(
        name=catalogue.paper_type(paper.type).name,
        state="expired" if paper.expired(today) else "have",
        form=paper.form,
        holder=HOLDERS.get(paper.holder or ""),
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
    )
