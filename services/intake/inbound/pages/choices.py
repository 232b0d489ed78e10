"""Options of form fields as (value, text), in the catalogue's order."""

from collections.abc import Iterable

from shared.catalogue import Catalogue, Procedure
from shared.words import BilingualText

Choices = list[tuple[str, BilingualText]]


def channel_choices(codes: Iterable[str], catalogue: Catalogue) -> Choices:
    """Channels of filing."""
    return [(code, catalogue.channel(code).name) for code in codes]


def delivery_choices(procedure: Procedure, catalogue: Catalogue) -> Choices:
    """Ways to receive the result."""
    return [(code, catalogue.delivery_name(code)) for code in procedure.outcome.delivery]


def refusal_choices(catalogue: Catalogue) -> Choices:
    """Reasons to refuse a dossier."""
    return [(reason.code, reason.words) for reason in catalogue.reasons()]
