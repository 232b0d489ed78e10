"""`python -m tests.chaos.mutants`: the table mutant → which check caught it; 0 when all were caught."""

import asyncio
import sys

from rich.console import Console

from tests import databases
from tests.chaos.mutants.table import MUTANTS, Found, examine
from tests.chaos.real_servers import real_servers


def _line(found: Found) -> str:
    """One row of the table: mutant → the check that caught it, and its first complaint."""
    mark = "[green]✓[/]" if found.caught else "[red]✗[/]"
    scene = found.mutant.scene.__name__.replace("_", " ")
    said = found.mutated[0] if found.mutated else "nothing"
    healthy = f" (healthy: {found.healthy[0]})" if found.healthy else ""
    return f"{mark} {found.mutant.name:<46} → {scene}: {said[:90]}{healthy}"


async def _all(admin_url: str, kafka: str, console: Console) -> int:
    await databases.build_templates(admin_url)
    found: list[Found] = []
    for mutant in MUTANTS:
        found.append(await examine(mutant, admin_url, kafka))
        console.print(_line(found[-1]), soft_wrap=True)
    caught = sum(one.caught for one in found)
    console.print(f"{caught} of {len(found)} mutants caught; the healthy product was asked the same")
    return 0 if caught == len(found) else 1


def main() -> int:
    """Examine all, print the table."""
    with real_servers() as (admin_url, kafka):
        return asyncio.run(_all(admin_url, kafka, Console()))


if __name__ == "__main__":
    sys.exit(main())
