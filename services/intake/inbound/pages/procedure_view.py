"""The first screen of a procedure: how long, how to file, what fee, which papers."""

from dataclasses import dataclass

from services.intake.domain.dossier.promise import format_first_limit
from services.intake.inbound.pages.choices import Choices, channel_choices, delivery_choices
from shared.catalogue import Catalogue, Channel, PaperRule, Procedure
from shared.catalogue.model.procedure import Fees
from shared.words import BilingualText

ONLINE = frozenset({"online", "vneid"})
ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper, and when it is needed."""

    rule: PaperRule
    required: BilingualText


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """What the page says before any form.

    `counts_from`: acceptance or filing; None where there is no limit. `fee_kind`: counter, the only one;
    online, the same everywhere; both, where they differ.
    """

    limit: BilingualText
    counts_from: str | None
    channels: tuple[Channel, ...]
    channel_names: Choices
    fee_kind: str
    fees: Fees
    deliveries: Choices
    papers: tuple[PaperLine, ...]


def procedure_view(procedure: Procedure, catalogue: Catalogue) -> ProcedureView:
    """The page of this version of the procedure."""
    return ProcedureView(
        limit=format_first_limit(procedure.total),
        counts_from=_counts_from(procedure),
        channels=tuple(catalogue.channel(code) for code in procedure.channels),
        channel_names=channel_choices(procedure.channels, catalogue),
        fee_kind=_fee_kind(procedure),
        fees=procedure.fees,
        deliveries=delivery_choices(procedure, catalogue),
        papers=tuple(PaperLine(rule, catalogue.paper_required(rule.required)) for rule in procedure.papers),
    )


def _counts_from(procedure: Procedure) -> str | None:
    if procedure.total is None:
        return None
    return ACCEPTANCE if procedure.counts_from == ACCEPTANCE else "filing"


def _fee_kind(procedure: Procedure) -> str:
    if ONLINE.isdisjoint(procedure.channels):
        return "counter"
    return "online" if procedure.fees.counter == procedure.fees.online else "both"
