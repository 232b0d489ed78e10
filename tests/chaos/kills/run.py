"""One run: a stack of its own, dossiers that flow, the plan's faults one after another, and the verdict."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.demo import dossiers
from deploy.local import worlds
from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.stack import Stack
from tests.chaos.environment import told
from tests.chaos.kills import plan as planning
from tests.chaos.kills import verdict
from tests.chaos.kills.crowd import Crowd, shares
from tests.chaos.kills.desks import Desks
from tests.chaos.kills.doors import Doors
from tests.chaos.kills.offices import Offices
from tests.chaos.kills.plan import Fault
from tests.chaos.kills.settle import settle, state_of
from tests.chaos.kills.sharing import evenly_shared
from tests.chaos.kills.show import Show
from tests.chaos.kills.victims import NeverBackError, Victims
from tests.chaos.kills.world import gather, reads_of

MORNING = "2026-02-04T09:00:00+07:00"
"""After the last day of the made-up dossiers, so that nothing in them lies in the future."""


@dataclass(frozen=True)
class Options:
    """What to do to whom, and with how many dossiers meanwhile.

    `halfway`: all dossiers come at once, and the faults begin when half of them are done.
    """

    seed: int
    plan: Sequence[Fault]
    dossiers: int
    routings: int = 1
    halfway: bool = False
    report: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """The verdict and the figures of one run."""

    verdict: verdict.Verdict
    facts: dict[str, Any]


def run(options: Options, place: Home, console: Console) -> Outcome:
    """Bring a stack up in this home, attack it, judge it, and take it down again."""
    console.print(f"seed {options.seed}: {len(options.plan)} faults, plan {planning.digest(options.plan)}")
    worlds.forget(place)
    with (
        told(MOTCUA_HOME=str(place.folder), MOTCUA_ROUTINGS=str(options.routings)),
        control.running_stack(place, MORNING, lambda _: None) as standing,
    ):
        outcome = asyncio.run(_attack(options, place, standing.stack, console))
    if outcome.verdict.holds:
        worlds.forget(place)
    outcome.verdict.print(console)
    if options.report:
        head = {"seed": options.seed, "plan": planning.digest(options.plan)}
        text = json.dumps(head | outcome.verdict.as_json() | outcome.facts, ensure_ascii=False, indent=2)
        options.report.write_text(text + "\n", "utf-8")
    return outcome


async def _attack(options: Options, place: Home, stack: Stack, console: Console) -> Outcome:
    async with Doors.open(stack) as doors:
        crowd, desks, offices = Crowd(doors, options.seed), Desks(doors), Offices(stack.kafka, options.seed)
        reads, victims = await reads_of(doors), Victims(place, doors)
        shared = await evenly_shared(doors, options.routings)
        with Show(console, options.plan, options.dossiers) as show:
            async with _at_work(crowd.work(), desks.work(), _keep_counting(doors, show), offices) as faints:
                began = time.monotonic()
                await _rounds(options, crowd, victims, show)
                show.say("all faults done, the last dossiers are filed")
                await crowd.all_served()
                show.say("all filed, waiting until all is quiet")
                quiet = await settle(doors, reads)
                took = time.monotonic() - began
                show.say("quiet" if quiet else "not quiet, and nothing comes further")
        world = await gather(doors, list(crowd.filed.values()), reads, sum(h.cut_sends for h in show.hits))
        complaints = [*crowd.complaints, *desks.complaints, *show.never_back, *faints]
        reached = await verdict.reach(doors, world, place, complaints)
        facts = verdict.facts(show.hits, world, doors) | {
            "seconds": round(took, 1),
            "dossiers_a_second": round(len(world.dossiers) / took, 2),
            "replies_insisted": offices.insisted,
            "sharing": shared,
        }
        _tell(facts, console)
        return Outcome(reached, facts)


async def _rounds(options: Options, crowd: Crowd, victims: Victims, show: Show) -> None:
    """Each fault has its share of the dossiers, and falls somewhere among them."""
    every = dossiers.generate(options.seed, options.dossiers)
    if options.halfway or not options.plan:
        crowd.come(every)
        await show.half_done.wait()
    due = shares([] if options.halfway else every, len(options.plan))
    for fault, share in zip(options.plan, due, strict=False):
        crowd.come(share)
        await asyncio.sleep(fault.after)
        show.about_to(fault)
        try:
            show.was(await victims.hit(fault))
        except NeverBackError as failure:
            show.never_back.append(str(failure))


async def _keep_counting(doors: Doors, show: Show) -> None:
    while True:
        now = await state_of(doors)
        show.count(now.filed, now.done)
        await asyncio.sleep(1)


@asynccontextmanager
async def _at_work(
    crowd: Coroutine[Any, Any, None],
    desks: Coroutine[Any, Any, None],
    counting: Coroutine[Any, Any, None],
    offices: Offices,
) -> AsyncIterator[list[str]]:
    """All of them at once for the length of the block; afterwards the list says who fell over."""
    tasks = [asyncio.create_task(each) for each in (crowd, desks, counting, asyncio.to_thread(offices.work))]
    faints: list[str] = []
    try:
        yield faints
    finally:
        offices.stop()
        for task in tasks[:3]:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        faints += [repr(failure) for failure in ended if isinstance(failure, Exception)]


def _tell(facts: dict[str, Any], console: Console) -> None:
    console.print(
        f"{facts['dossiers']} dossiers in {facts['seconds']} s ({facts['dossiers_a_second']} a second), "
        f"{facts['records']} records, {facts['repeated_on_the_wire']} repeated on the wire, "
        f"texts {facts['texts']}, {facts['cut_sends']} sends cut; back after {facts['median_return_s']} s, "
        f"at most {facts['slowest_return_s']} s; repeated requests {facts['requests_repeated']}, "
        f"{facts['replies_insisted']} replies written again"
    )
