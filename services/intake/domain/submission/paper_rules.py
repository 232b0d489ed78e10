"""Checks of the declared papers: known type, issued in the past, size within the limits."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.intake.domain.dossier.submission import Paper
from services.intake.words import field_error
from shared.catalogue import Catalogue
from shared.errors import FieldError

MOST_PAPERS = 50
MOST_BYTES = 20 * 1024 * 1024
MOST_BYTES_TOGETHER = 100 * 1024 * 1024


def check_papers(catalogue: Catalogue, papers: Sequence[Paper], today: date) -> Iterator[FieldError]:
    """The errors of the papers. A missing or expired paper is no error: the counter decides about it."""
    if len(papers) > MOST_PAPERS:
        yield field_error("papers", "too_many", most=MOST_PAPERS)
        return
    for index, paper in enumerate(papers):
        yield from _check_paper(catalogue, f"papers.{index}", paper, today)
    if sum(paper.bytes or 0 for paper in papers) > MOST_BYTES_TOGETHER:
        yield field_error("papers", "too_large_together")


def _check_paper(catalogue: Catalogue, path: str, paper: Paper, today: date) -> Iterator[FieldError]:
    if not paper.type:
        yield field_error(f"{path}.type", "required")
    elif not _is_known_type(catalogue, paper.type):
        yield field_error(f"{path}.type", "unknown_paper")
    if not paper.file:
        yield field_error(f"{path}.file", "required")
    if paper.issued_on and paper.issued_on > today:
        yield field_error(f"{path}.issued_on", "in_the_future")
    if paper.bytes is not None and paper.bytes > MOST_BYTES:
        yield field_error(f"{path}.bytes", "too_large")


def _is_known_type(catalogue: Catalogue, type: str) -> bool:
    try:
        catalogue.paper_type(type)
    except KeyError:
        return False
    return True
