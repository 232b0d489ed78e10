"""The city's catalogue: procedures, offices, calendars, words. Data in, answers out; no I/O but `load`."""

from shared.catalogue.organisation import NoOffice, Office, Party, Project, Ward
from shared.catalogue.papers import MissingPaper, missing_papers
from shared.catalogue.procedure import PaperRule, Procedure, Step
from shared.catalogue.reader import Catalogue, IncompleteCatalogue
from shared.catalogue.say import format_fee, format_limit
from shared.catalogue.vocabulary import Channel, Fact, PaperType, Place, RefusalReason
from shared.catalogue.words import BilingualText

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
