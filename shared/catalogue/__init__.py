"""The city's catalogue: procedures, offices, calendars, words. Only `loading` does I/O."""

from shared.catalogue.decoding.reader import Catalogue, IncompleteCatalogue
from shared.catalogue.model.formatting import format_fee, format_limit
from shared.catalogue.model.organisation import NoOffice, Office, Party, Project, Ward
from shared.catalogue.model.papers import MissingPaper, missing_papers
from shared.catalogue.model.procedure import PaperRule, Procedure, Step
from shared.catalogue.model.vocabulary import Channel, Fact, PaperType, Place, RefusalReason
from shared.words import BilingualText

__all__ = [
    "BilingualText",
    "Catalogue",
    "Channel",
    "Fact",
    "IncompleteCatalogue",
    "MissingPaper",
    "NoOffice",
    "Office",
    "PaperRule",
    "PaperType",
    "Party",
    "Place",
    "Procedure",
    "Project",
    "RefusalReason",
    "Step",
    "Ward",
    "format_fee",
    "format_limit",
    "missing_papers",
]
