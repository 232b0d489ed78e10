"""The papers of a dossier as the counter checks them: have, missing, expired."""

from dataclasses import dataclass
from datetime import date

from services.intake.domain.checklist import DeclaredPaper, Wanted
from services.intake.domain.dossier import Dossier
from shared.catalogue import Catalogue, Procedure
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
    missing = [_missing(wanted, procedure, catalogue) for wanted in dossier.wanted]
    have = [_declared(paper, catalogue, today) for paper in dossier.papers]
    return missing + sorted(have, key=lambda line: line.state != "expired")


def _missing(wanted: Wanted, procedure: Procedure, catalogue: Catalogue) -> PaperLine:
    names = [_name(kind, procedure, catalogue) for kind in wanted.any_of]
    return PaperLine(
        Words(" hoặc ".join(name.vi for name in names), " or ".join(name.en for name in names)), "missing"
    )


def _name(kind: str, procedure: Procedure, catalogue: Catalogue) -> Words:
    type, _, form = kind.partition("/")
    for rule in procedure.papers:
        if rule.type == type and (rule.form or "") == form:
            return rule.name
    return catalogue.paper_type(type).name


def _declared(paper: DeclaredPaper, catalogue: Catalogue, today: date) -> PaperLine:
    return PaperLine(
        name=catalogue.paper_type(paper.type).name,
        state="expired" if paper.expired(today) else "have",
        form=paper.form,
        holder=HOLDERS.get(paper.holder or ""),
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
    )
