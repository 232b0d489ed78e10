"""What one dossier costs, part by part, and what it costs to keep everything on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.chart import Bar, draw
from tests.bench.ours.without import PARTS
from tests.bench.rig import Rig
from tests.bench.stage import Effort
from tests.bench.stages import chain

Tell = Callable[[str], None]
EVERYTHING = "everything on"
WORDS = {
    "file": "filing: check, seal, audit, events",
    "file postgres": "PostgreSQL, of filing",
    "relay": "intake's relay",
    "relay postgres": "PostgreSQL, of intake's relay",
    "relay kafka": "Kafka, of intake's events",
    "route": "routing: read, plan, audit, events",
    "route postgres": "PostgreSQL, of routing",
    "route kafka": "Kafka, read by routing",
    "hand out": "routing's relay",
    "hand out postgres": "PostgreSQL, of routing's relay",
    "hand out kafka": "Kafka, of routing's events",
}


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor microseconds a dossier: by part of the machine for each way of running."""

    by_way: dict[str, dict[str, float]]

    def total(self, way: str) -> float:
        """All of it."""
        return sum(self.by_way[way].values())

    def saved(self, part: str) -> float:
        """What a part costs, by its absence: in our programs and PostgreSQL (Kafka's share stays)."""
        return max(0.0, self._ours(EVERYTHING) - self._ours(f"without {part}"))

    def _ours(self, way: str) -> float:
        return sum(spent for part, spent in self.by_way[way].items() if "kafka" not in part)


async def run(rig: Rig, effort: Effort, tell: Tell) -> Costs:
    """Each way in turns, round after round; medians a part."""
    ways = {EVERYTHING: (), **{f"without {part}": (part,) for part in PARTS}}
    seen: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    count = effort.items(chain.EXPECTED)
    for number in range(effort.rounds):
        for way, off in ways.items():
            tell(f"costs: round {number + 1} of {effort.rounds}, {way}")
            spent = await chain.stage_costs(rig, effort, without=off)
            seen[way].append({part: 1e6 * seconds / count for part, seconds in spent.items()})
    return Costs({way: _medians(rounds) for way, rounds in seen.items()})


def _medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    return {part: median(one[part] for one in rounds) for part in rounds[0]}


def rows(costs: Costs) -> list[tuple[str, str, str]]:
    """A table: each part with everything on, then what each switch saves."""
    parts, total = costs.by_way[EVERYTHING], costs.total(EVERYTHING)
    found = [
        (WORDS.get(part, part), f"{spent:,.0f} µs", f"{spent / total:.0%}") for part, spent in parts.items()
    ]
    found.append(("one dossier, HTTP left out", f"{total:,.0f} µs", "100%"))
    switches = [(f"of it {part}", costs.saved(part)) for part in PARTS]
    return found + [(name, f"{spent:,.0f} µs", f"{spent / total:.0%}") for name, spent in switches]


def picture(costs: Costs) -> str:
    """Where the time of one dossier goes."""
    parts = sorted(costs.by_way[EVERYTHING].items(), key=lambda pair: -pair[1])
    total = costs.total(EVERYTHING)
    bars = [
        Bar(WORDS.get(part, part), spent, f"{spent:,.0f} µs ({spent / total:.0%})") for part, spent in parts
    ]
    note = f"{total:,.0f} µs of processor time, HTTP left out"
    return draw("Where the time of one dossier goes", note, bars)
