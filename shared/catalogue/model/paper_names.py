"""What form 02 asks for, in the words of the citizen's own list: the door names papers by their kinds."""

from functools import reduce
from typing import Protocol

from shared.catalogue.model.procedure import Procedure
from shared.catalogue.model.vocabulary import PaperType
from shared.catalogue.words import text
from shared.words import BilingualText

OR = " | "
"""Between kinds of which one is enough; a kind with a form is `TOKHAI/02`."""


class PaperTypes(Protocol):
    """Who knows the kinds of papers."""

    def paper_type(self, type: str) -> PaperType:
        """A kind of paper; KeyError if unknown."""
        ...


def paper_names(item: str, procedure: Procedure, kinds: PaperTypes) -> BilingualText:
    """A kind by its name; what an office wrote stays as it wrote it."""
    try:
        return alternative_names(item.split(OR), procedure, kinds)
    except KeyError:
        return BilingualText(item, item)


def alternative_names(
    any_of: list[str] | tuple[str, ...], procedure: Procedure, kinds: PaperTypes
) -> BilingualText:
    """The names of papers of which one is enough. KeyError where a kind is unknown."""
    names = [_name(kind, procedure, kinds) for kind in any_of]
    return reduce(lambda first, second: text("procedures.either", first=first, second=second), names)


def _name(kind: str, procedure: Procedure, kinds: PaperTypes) -> BilingualText:
    type, _, form = kind.partition("/")
    for rule in procedure.papers:
        if rule.type == type and (rule.form or "") == form:
            return rule.name
    return kinds.paper_type(type).name
