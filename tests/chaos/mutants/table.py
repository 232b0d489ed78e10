"""Every guarantee once broken on purpose, and the scene that catches it.

Each row is a guarantee, the product function in which it lives, how it is broken, and the scene that must
then complain. The same scene runs first on the healthy product, where it must have nothing to say.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests import used_again
from tests.chaos.mutants import broken, scenes_in, scenes_out, scenes_state
from tests.chaos.mutants.trial import Trial, open_trial
from tests.chaos.replacing import replace

LONG, SHORT = 60.0, 8.0
"""Seconds for the healthy product on a busy machine, and for a mutant that never comes to rest."""

Scene = Callable[[Trial], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guarantee broken. `never_rests`: it shows by waiting for ever, so that one may not wait long."""

    name: str
    where: str
    how: Callable[[Any, Any], Any]
    scene: Scene
    never_rests: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the scene said of the healthy product, and of the mutant."""

    mutant: Mutant
    healthy: list[str]
    mutated: list[str]

    @property
    def caught(self) -> bool:
        """The check is silent when all is well, and only then."""
        return not self.healthy and bool(self.mutated)


MUTANTS = (
    Mutant(
        "offsets committed early",
        "shared.messaging.consume.inbox:Inbox._apply",
        broken.offsets_committed_early,
        scenes_in.killed_in_the_middle_of_a_batch,
    ),
    Mutant(
        "`seq` rule dropped",
        "shared.messaging.record.classify:classify_events",
        broken.seq_rule_dropped,
        scenes_in.records_come_again,
    ),
    Mutant(
        "inbox skipped",
        "shared.messaging.record.positions:insert_inbox",
        broken.inbox_skipped,
        scenes_in.a_reply_comes_again,
    ),
    Mutant(
        "outbox row deleted before the acknowledgement",
        "shared.messaging.publish.relay:Relay._send",
        broken.deleted_before_the_acknowledgement,
        scenes_out.kafka_fails_once,
    ),
    Mutant(
        "`append` answering full ignored",
        "shared.messaging.publish.sender:_fill",
        broken.full_batch_ignored,
        scenes_out.more_than_one_batch_holds,
    ),
    Mutant(
        "producer kept after a failed batch",
        "shared.messaging.publish.sender:OutboxSender.send",
        broken.producer_kept,
        scenes_out.kafka_refuses_a_batch,
        never_rests=True,
    ),
    Mutant(
        "two holders of one shard",
        "shared.messaging.publish.shards:ShardLocks.rebalance",
        broken.two_holders,
        scenes_out.two_relays_share_an_outbox,
    ),
    Mutant(
        "range delete instead of id array",
        "shared.messaging.publish.relay:Relay._delete_sent",
        broken.range_deleted,
        scenes_out.a_row_is_committed_while_later_ones_are_sent,
    ),
    Mutant(
        "parked key not parked",
        "shared.messaging.deadletter.held_store:park_keys",
        broken.key_not_parked,
        scenes_in.a_reply_is_poison,
    ),
    Mutant(
        "audit line outside the transaction",
        "shared.security.audit_chain:append",
        broken.audit_outside,
        scenes_state.a_transaction_fails_late,
    ),
    Mutant(
        "receipt for another message accepted",
        "services.notification.store.messages:record_receipts",
        broken.any_receipt_accepted,
        scenes_state.a_receipt_for_one_of_two_texts,
    ),
    Mutant(
        "root not locked",
        "services.routing.store.cases:lock_with_context",
        broken.root_not_locked,
        scenes_state.two_acts_on_one_root,
    ),
    Mutant(
        "what a dead sender left is sent again",
        "services.notification.usecases.send_due:mark_abandoned_ambiguous",
        broken.abandoned_sent_again,
        scenes_state.a_sender_dies_with_a_text_in_the_air,
    ),
)


def infect(name: str) -> None:
    """Break this guarantee in this whole process, for one that reaches no further than its own arguments."""
    [mutant] = [mutant for mutant in MUTANTS if mutant.name == name]
    replace(mutant.where, partial(_broken, mutant, None))


async def examine(mutant: Mutant, admin_url: str, kafka: str) -> Found:
    """The scene twice, each time in a world of its own: healthy, then with the guarantee broken."""
    return Found(
        mutant,
        await _play(mutant.scene, admin_url, kafka),
        await _play(mutant.scene, admin_url, kafka, mutant),
    )


async def _play(scene: Scene, admin_url: str, kafka: str, mutant: Mutant | None = None) -> list[str]:
    patience = SHORT if mutant and mutant.never_rests else LONG
    database = await used_again.take(admin_url)
    try:
        async with open_trial(database, kafka, patience) as trial:
            undo = replace(mutant.where, partial(_broken, mutant, trial)) if mutant else _nothing
            try:
                return await scene(trial)
            finally:
                undo()
    finally:
        await used_again.give_back(database)


def _broken(mutant: Mutant, trial: Trial | None, original: Any) -> Any:
    return mutant.how(original, trial)


def _nothing() -> None:
    return
