"""The table `dossiers` and the dataclass of its rows."""

from services.intake.domain.dossier.checklist import PaperToBring
from services.intake.domain.dossier.dossier import Dossier
from shared.db.table import Table


def _papers_to_bring(document: list[list[str]]) -> tuple[PaperToBring, ...]:
    return tuple(PaperToBring(tuple(any_of)) for any_of in document)


def _papers_document(papers: tuple[PaperToBring, ...]) -> list[tuple[str, ...]]:
    return [paper.any_of for paper in papers]


TABLE = Table(
    "dossiers",
    Dossier,
    key="id",
    beside=("person_ref", "secret_mac"),
    documents=("explanation",),
    source={"wanted": "papers_to_bring", "asked": "supplement_request"},
    shapes={"wanted": (_papers_document, _papers_to_bring)},
    enums=("state", "resume_to"),
)
COLUMNS = TABLE.columns
"""Columns of a dossier and the keyed hashes beside it, for a SELECT."""
DECISION = (
    *("state", "version", "accepted_at", "promised_due_at", "explanation"),
    *("refused_at", "refused_reason", "refused_rule"),
)
"""Columns that an acceptance or a refusal changes."""
BEFORE_ACCEPTANCE = (
    *("state", "papers", "wanted", "answer_by", "asked", "supplements", "resume_to"),
    *("stopped_at", "stopped_reason"),
)
"""Columns that acts before acceptance change."""
dossier_from_row = TABLE.read
"""The dossier of a row read with COLUMNS."""
