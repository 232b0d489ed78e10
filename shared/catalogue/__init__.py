"""The city's catalogue: procedures, offices, calendars, words. Data in, answers out; no I/O but `load`."""

from shared.catalogue.organisation import NoOffice, Office, Party, Project, Ward
from shared.catalogue.papers import MissingPaper, missing_papers
from shared.catalogue.procedure import PaperRule, Procedure, Step
from shared.catalogue.reader import Catalogue, IncompleteCatalogue
from shared.catalogue.say import say_fee, say_limit
from shared.catalogue.vocabulary import Channel, Fact, PaperType, Place, Reason
from shared.catalogue.words import Words

__all__ = [
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
    "Reason",
    "Step",
    "Ward",
    "Words",
    "missing_papers",
    "say_fee",
    "say_limit",
]
