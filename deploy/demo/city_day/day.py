"""The main loop of the city day: step the clock when the city is quiet, let people act, check the result."""

from __future__ import annotations

import atexit
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Console

from deploy.demo import dossiers
from deploy.demo.agencies.hours import CITY
from deploy.demo.city_day.agency_process import agencies
from deploy.demo.city_day.city import City
from deploy.demo.city_day.closing_check import check
from deploy.demo.city_day.filing import Filers, wrong_answer
from deploy.demo.city_day.officers import Officers
from deploy.demo.city_day.quiet import Quiet
from deploy.demo.city_day.report import journeys, missing
from deploy.demo.city_day.show import Show
from deploy.local.home import home
from deploy.local.parties import read_parties
from deploy.local.stack import Stack

OPENS = datetime(2026, 1, 14, 7, tzinfo=CITY)
CLOSES = datetime.combine(dossiers.days()[-1], OPENS.timetz()) + timedelta(hours=11)
GENERATED = 300


@dataclass
class Cast:
    """The city and the people who act in it."""

    city: City
    filers: Filers
    officers: Officers


async def run(stack: Stack, *, seed: int, once: bool, console: Console) -> int:
    """Run the simulation. Returns 0 only if the closing check holds.

    Without `once` the agencies go on working after the last step.
    """
    with ExitStack() as until_end:
        url = until_end.enter_context(agencies(stack, home(), seed))
        async with await City.open(stack) as city:
            city.agencies_url = url
            all_held = await _live_and_check(city, seed, console)
        if not once:
            atexit.register(until_end.pop_all().close)
    return 0 if all_held else 1


async def _live_and_check(city: City, seed: int, console: Console) -> bool:
    started_at = time.monotonic()
    await city.set_clock(OPENS)
    filings = [filing for filing in dossiers.samples() if dossiers.is_taken(filing)]
    cast = _cast(city, [*filings, *dossiers.generate(seed, GENERATED)], seed)
    show = Show(console, city, OPENS, CLOSES, len(filings) + GENERATED)
    with show:
        mistakes = await _samples_with_mistakes(cast.filers)
        steps = await _live(cast, show)
        await show.end(await city.now())
    console.print(f"{steps} steps of the clock in {time.monotonic() - started_at:.0f} s, seed {seed}\n")
    report_holds = await _report(cast, mistakes, console)
    filed = list(cast.filers.ledger.filed.values())
    return await check(city, filed, console, cast.officers.incidents.sent_templates) and report_holds


def _cast(city: City, filings: list[dossiers.Filing], seed: int) -> Cast:
    filers = Filers(city, filings)
    desks = tuple(party.name for party in read_parties() if party.desk)
    return Cast(city, filers, Officers(city, seed, desks, filers.ledger.filed.get))


async def _live(cast: Cast, show: Show) -> int:
    """Wait, plan, step and act, until the last slot of the last day."""
    now, steps, quiet = OPENS, 0, await Quiet.watch(cast.city)
    while True:
        agencies_next = await quiet.wait(now)
        officers_next = await cast.officers.plan_acts(now)
        next_times = [at for at in (agencies_next, officers_next, cast.filers.next_at()) if at is not None]
        if not next_times or min(next_times) > CLOSES:
            return steps
        now, steps = max(min(next_times), now), steps + 1
        await show.step(now)
        await cast.city.set_clock(now)
        await cast.filers.file_until(now)
        await cast.officers.act_until(now)


async def _samples_with_mistakes(filers: Filers) -> list[str]:
    """Send the samples with an invalid field. Returns those that were not answered 422 with that field."""
    errors: list[str] = []
    for filing in dossiers.samples():
        if filing.expect["outcome"] == "field_error":
            answer = await filers.send(filing)
            error = wrong_answer(filing, answer.status_code, answer.json())
            errors += [f"{filing.expect['mistake']}: {error}"] if error else []
    return errors


async def _report(cast: Cast, mistakes: list[str], console: Console) -> bool:
    """Print a line for each procedure, the results of samples, and failures. Returns whether all is well."""
    completed = await journeys(cast.city.sql, cast.filers.ledger.filed)
    for journey in completed:
        console.print(f"  {journey.line()}", highlight=False, soft_wrap=True)
    missing_procedures = missing(completed)
    _print_result(
        console,
        not missing_procedures,
        f"{len(completed)} of 16 procedures run to completion",
        missing_procedures,
    )
    ledger = cast.filers.ledger
    filed, expected = sum(dossier.filing.is_sample for dossier in ledger.filed.values()), _expected_count()
    questions = f"after a question: {', '.join(ledger.questions)}"
    _print_result(
        console, filed == expected, f"{filed} of {expected} samples were filed, {questions}", ledger.refused
    )
    _print_result(
        console, not mistakes, "samples with a wrong field got 422 naming it, with candidates", mistakes
    )
    console.print(f"  met on the way: {cast.officers.incidents.summary()}", highlight=False)
    complaints = cast.officers.complaints
    _print_result(console, not complaints, "no door turned an officer away", complaints)
    return not (missing_procedures or mistakes or complaints or ledger.refused) and filed == expected


def _expected_count() -> int:
    return sum(map(dossiers.is_taken, dossiers.samples()))


def _print_result(console: Console, holds: bool, line: str, details: list[str]) -> None:
    console.print(f"{'[green]✓[/]' if holds else '[red]✗[/]'} {line}", highlight=False)
    for detail in details[:10]:
        console.print(f"    {detail}", highlight=False, markup=False, soft_wrap=True)
