"""Content of a procedure's page: limit, channels, fee, papers."""

from dataclasses import dataclass

from services.intake.domain.dossier.promise import format_first_limit
from services.intake.inbound.pages.choices import Choices, channel_choices
from shared.catalogue import Catalogue, Channel, PaperRule, Procedure
from shared.catalogue.model.procedure import Fees
from shared.words import BilingualText

ONLINE = frozenset({"online", "vneid"})
COUNTS_FROM = {"acceptance": "acceptance", "submission": "filing", "filing": "filing"}
"""From when the page says that the limit counts, by the catalogue's word."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper, and in which cases it is required."""

    rule: PaperRule
    required: BilingualText


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """The content of the page.

    `counts_from`: acceptance or filing; None without a limit. `fee_kind`: `counter` (no other channel),
    `online` (the same for all channels) or `both` (they differ).
    """

    limit: BilingualText
    counts_from: str | None
    channels: tuple[Channel, ...]
    channel_names: Choices
    fee_kind: str
    fees: Fees
    papers: tuple[PaperLine, ...]


def procedure_view(procedure: Procedure, catalogue: Catalogue) -> ProcedureView:
    """The content for this version of a procedure."""
    return ProcedureView(
        limit=format_first_limit(procedure.total),
        counts_from=_counts_from(procedure),
        channels=tuple(catalogue.channel(code) for code in procedure.channels),
        channel_names=channel_choices(procedure.channels, catalogue),
        fee_kind=_fee_kind(procedure),
        fees=procedure.fees,
        papers=tuple(PaperLine(rule, catalogue.paper_required(rule.required)) for rule in procedure.papers),
    )


def _counts_from(procedure: Procedure) -> str | None:
    if procedure.total is None:
        return None
    return COUNTS_FROM[procedure.counts_from]


def _fee_kind(procedure: Procedure) -> str:
    if ONLINE.isdisjoint(procedure.channels):
        return "counter"
    if procedure.fees.counter == procedure.fees.online:
        return "online"
    return "both"
