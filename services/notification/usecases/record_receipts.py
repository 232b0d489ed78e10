"""Record delivery receipts that are stored: give their texts the final state, keep what cannot be used.

The first final receipt of a text stands. A repetition says nothing new; a contradiction is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from services.notification.domain.carrier_dialect import CarrierDialect
from services.notification.domain.delivery_receipt import PENDING, ReadReceipt, UnusableReceipt, read_receipt
from services.notification.domain.message import final_receipt_state
from services.notification.store import messages, receipts
from services.notification.store.receipts import SettledReceipt, StoredReceipt
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from shared.db.transaction import Tx, city_now, transaction
from shared.messaging.faults import is_transient
from shared.observability.logs import get_logger

log = get_logger(__name__)
UNMATCHED_AFTER_SECONDS = 600.0
MATCHED_DAYS, KEPT_DAYS = 3, 30
"""A text is valid for at most three days, so that no receipt is repeated later."""
BATCH = 500


@dataclass(slots=True)
class _Sorting:
    """What is to be made of a batch of receipts. `earlier`: the outcome that a reference has already."""

    earlier: dict[str, str]
    final: dict[str, StoredReceipt] = field(default_factory=dict)
    unusable: list[SettledReceipt] = field(default_factory=list)
    useless: list[int] = field(default_factory=list)

    def add(self, stored: StoredReceipt, content: ReadReceipt | UnusableReceipt) -> None:
        """Sort one receipt; they come in order."""
        if isinstance(content, UnusableReceipt):
            self.unusable.append(_kept(stored, content.problem, content.detail))
            return
        outcome_before = self.earlier.get(content.ref)
        if content.outcome in (PENDING, outcome_before):
            self.useless.append(stored.id)
        elif outcome_before is not None:
            detail = f"{content.ref}: {outcome_before}, then {content.outcome}"
            self.unusable.append(_kept(stored, "contradicts_earlier", detail))
        else:
            self.earlier[content.ref] = content.outcome
            self.final[content.ref] = stored


async def record_receipts(pool: asyncpg.Pool, dialect: CarrierDialect) -> int:
    """Record a batch of stored receipts. Returns their number. One that breaks it is kept."""
    try:
        async with transaction(pool) as tx:
            return await record_new(tx, dialect, BATCH)
    except Exception as failure:
        if is_transient(failure):
            raise
        log.exception("receipts.batch_failed")
    try:
        async with transaction(pool) as tx:
            return await record_new(tx, dialect, 1)
    except Exception as failure:
        if is_transient(failure):
            raise
        return await _keep_first(pool, failure)


async def record_new(tx: Tx, dialect: CarrierDialect, limit: int) -> int:
    """Record stored receipts: those whose text is not known yet wait for it. Returns their number."""
    batch = await receipts.lock_new(tx, limit)
    if not batch:
        return 0
    contents = [(stored, read_receipt(stored.raw, dialect)) for stored in batch]
    refs = [content.ref for _, content in contents if isinstance(content, ReadReceipt)]
    sorting = _Sorting(await receipts.earlier_outcomes(tx, refs) if refs else {})
    for stored, content in contents:
        sorting.add(stored, content)
    outcomes = {ref: sorting.earlier[ref] for ref in sorting.final}
    matched = await apply_outcomes(tx, outcomes)
    settled = [_settled(stored, ref, outcomes[ref], matched) for ref, stored in sorting.final.items()]
    await receipts.settle(tx, [*settled, *sorting.unusable])
    await receipts.delete(tx, sorting.useless)
    _log_kept(sorting.unusable, dialect.name)
    return len(batch)


async def take_early(tx: Tx, dialect: CarrierDialect, refs: Collection[str]) -> dict[str, str]:
    """The outcomes of receipts that came before the attempts of their texts were stored, by reference.

    They count as matched: the caller stores them with the attempts.
    """
    early: dict[str, SettledReceipt] = {}
    for stored in await receipts.lock_new(tx, BATCH):
        content = read_receipt(stored.raw, dialect)
        if not isinstance(content, ReadReceipt) or content.ref not in refs or content.outcome == PENDING:
            continue
        early.setdefault(content.ref, SettledReceipt(stored.id, "matched", content.ref, content.outcome))
    if early:
        await receipts.settle(tx, list(early.values()))
    return {ref: receipt.outcome or "" for ref, receipt in early.items()}


async def match_receipts(tx: Tx, limit: int = BATCH) -> int:
    """Apply waiting receipts to texts that are known by now. Returns their number."""
    matching = await receipts.lock_matching(tx, limit)
    if matching:
        await apply_outcomes(tx, {receipt.carrier_ref or "": receipt.outcome or "" for receipt in matching})
        await receipts.settle(tx, matching)
    return len(matching)


async def apply_outcomes(tx: Tx, outcomes: Mapping[str, str]) -> set[str]:
    """Give texts the final state of their receipts, by reference. Returns those that changed."""
    if not outcomes:
        return set()
    at = await city_now(tx)
    final = {ref: final_receipt_state(outcome) for ref, outcome in outcomes.items()}
    rows = [(ref, state, reason) for ref, (state, reason) in final.items()]
    settled = await messages.record_receipts(tx, rows, at)
    await publish_transitions(tx, [MessageTransition(message, *final[ref]) for message, ref in settled], at)
    return {ref for _, ref in settled}


async def tidy_receipts(tx: Tx) -> None:
    """Keep receipts that match no text after a while, for operators, and forget old ones."""
    unmatched = await receipts.keep_unmatched(tx, UNMATCHED_AFTER_SECONDS)
    if unmatched:
        log.warning("receipts.unmatched", count=len(unmatched), first=unmatched[0])
    await receipts.forget_old(tx, matched_days=MATCHED_DAYS, kept_days=KEPT_DAYS)


def _settled(stored: StoredReceipt, ref: str, outcome: str, matched: Collection[str]) -> SettledReceipt:
    return SettledReceipt(stored.id, "matched" if ref in matched else "waiting", ref, outcome)


def _kept(stored: StoredReceipt, problem: str, detail: str) -> SettledReceipt:
    return SettledReceipt(stored.id, "kept", problem=problem, detail=detail)


async def _keep_first(pool: asyncpg.Pool, failure: Exception) -> int:
    """Keep the receipt that could not be recorded even alone."""
    async with transaction(pool) as tx:
        first = await receipts.lock_new(tx, 1)
        unusable = [_kept(stored, "not_recorded", type(failure).__name__) for stored in first]
        await receipts.settle(tx, unusable)
    _log_kept(unusable, "")
    return len(unusable)


def _log_kept(unusable: Sequence[SettledReceipt], carrier: str) -> None:
    for receipt in unusable:
        log.warning("receipt.kept", receipt=receipt.id, carrier=carrier, problem=receipt.problem)
