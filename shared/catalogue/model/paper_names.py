"""Names of requested papers (form 02), as the procedure's list names them."""

from functools import reduce
from typing import Protocol

from shared.catalogue.model.procedure import Procedure
from shared.catalogue.model.vocabulary import PaperType
from shared.catalogue.words import text
from shared.words import BilingualText

OR = " | "
"""The separator between alternatives of which one is enough; a type with a form is `TOKHAI/02`."""


class PaperTypes(Protocol):
    """A source of types of papers."""

    def paper_type(self, type: str) -> PaperType:
        """A type of paper; KeyError if unknown."""
        ...


def paper_names(item: str, procedure: Procedure, kinds: PaperTypes) -> BilingualText:
    """The name of a type of paper; an office's own text stays unchanged."""
    try:
        return alternative_names(item.split(OR), procedure, kinds)
    except KeyError:
        return BilingualText(item, item)


def alternative_names(
    any_of: list[str] | tuple[str, ...], procedure: Procedure, kinds: PaperTypes
) -> BilingualText:
    """The names of alternatives of which one is enough; KeyError for an unknown type."""
    names = [_name(kind, procedure, kinds) for kind in any_of]
    return reduce(lambda first, second: text("procedures.either", first=first, second=second), names)


def _name(kind: str, procedure: Procedure, kinds: PaperTypes) -> BilingualText:
    type, _, form = kind.partition("/")
    for rule in procedure.papers:
        if rule.type == type and (rule.form or "") == form:
            return rule.name
    return kinds.paper_type(type).name
