"""The long proofs: what each shows, its short form in every build, and its long form.

A proof's short form is a run of pytest over the files named here, which `motcua test` runs too, in the stage
that their folders belong to. Its long form is a command of its own, or the same files with MOTCUA_PROOF=full.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.checks import QUICK_OPTIONS, Check, pytest_of

FULL = {"MOTCUA_PROOF": "full"}


@dataclass(frozen=True)
class Proof:
    """`short` and `full` say in a few words what each form does, and about how long on two quiet cores.

    `paths` are the tests of the short form. `program` are the arguments of `python -m` for the long one;
    without it the long form is the same tests, with all that they know.
    """

    name: str
    shows: str
    paths: Sequence[str]
    short: str
    full: str
    program: Sequence[str] = ()
    options: Sequence[str] = ()
    """Of pytest, for both forms."""

    def short_check(self, seed: int | None = None) -> Check:
        """The short form; `seed` chooses another sample than the commit does."""
        return Check(f"{self.name}, short", self._pytest(), _seeded(seed))

    def full_check(self, seed: int | None = None) -> Check:
        """The long form. A program with a `--seed` of its own takes it; tests find it in MOTCUA_SEED."""
        if not self.program:
            return Check(f"{self.name}, full", self._pytest("--timeout=86400"), FULL | _seeded(seed))
        takes_seed = self.program[0] in SEEDED and seed is not None
        seed_option = ["--seed", str(seed)] if takes_seed else []
        return Check(
            f"{self.name}, full", [sys.executable, "-m", *self.program, *seed_option], FULL | _seeded(seed)
        )

    def _pytest(self, *options: str) -> list[str]:
        return pytest_of(self.paths, *self.options, *options)


def _seeded(seed: int | None) -> dict[str, str]:
    return {} if seed is None else {"MOTCUA_SEED": str(seed)}


SEEDED = ("tests.chaos", "tests.chaos.id_gap", "tests.clock.compare")

PROOFS = (
    Proof(
        "clock-by-hand",
        "the clock agrees with a second one that walks day by day, on random lines where rules change",
        ["tests/clock/test_walked_by_hand.py"],
        "6,000 lines",
        "1,000,000 lines",
        ["tests.clock.compare", "--count", "1000000"],
    ),
    Proof(
        "clock-laws",
        "what holds of every clock: a later filing is never due earlier, a pause never shortens",
        ["tests/clock/test_invariants.py"],
        "300 lives a law",
        "5,000 lives a law",
    ),
    Proof(
        "clock-mutants",
        "faults planted in the clock are noticed by a worked example or by the clock walked by hand",
        ["tests/clock/test_mutants.py"],
        "12 of 43 faults",
        "all faults",
        ["tests.clock.mutants"],
    ),
    Proof(
        "properties",
        "the property tests of the pure rules, with far more random examples",
        ["tests/unit"],
        "25 examples each, among the unit tests",
        "2,000 examples each",
        options=(*QUICK_OPTIONS, "-m", "hypothesis"),
    ),
    Proof(
        "fuzz",
        "reading a record or a file of dossiers answers at once and never breaks, whatever bytes come",
        ["tests/fuzz"],
        "600 inputs",
        "60,000 inputs",
    ),
    Proof(
        "documented-answers",
        "every answer of every operation is documented, and none is a crash, however it is called",
        ["tests/integration/doors/test_every_operation_as_documented.py"],
        "3 requests of each kind an operation",
        "100 requests of each kind an operation",
    ),
    Proof(
        "guarantee-mutants",
        "each guarantee of the messaging broken on purpose is noticed by the scene that guards it",
        ["tests/integration/messaging/test_guarantees_when_broken.py"],
        "5 of 13 faults",
        "all faults",
        ["tests.chaos.mutants"],
    ),
    Proof(
        "id-gap",
        "rows that come to light late are sent, while a cursor over positions misses them",
        ["tests/integration/messaging/test_id_gap.py"],
        "6,000 rows",
        "200,000 rows",
        ["tests.chaos.id_gap"],
    ),
    Proof(
        "crash-points",
        "a process killed at a named point loses, doubles and disorders nothing",
        ["tests/chaos/test_crash_points.py"],
        "12 of 55 points, once",
        "every point, ten times",
        ["tests.chaos.points", "--times", "10"],
    ),
    Proof(
        "kills",
        "random kills, freezes and cut connections while dossiers flow, and then all data is judged",
        ["tests/chaos/test_kills.py"],
        "4 faults among 60 dossiers",
        "40 faults among 2,000 dossiers",
        ["tests.chaos", "kills", "--kills", "40", "--dossiers", "2000"],
    ),
    Proof(
        "two-routings",
        "two routing processes share the work, and one of them may die",
        ["tests/chaos/test_two_routings.py"],
        "3 kills among 60 dossiers",
        "one beside two, twice, 400 dossiers each",
        ["tests.chaos", "scale"],
    ),
    Proof(
        "start-stop",
        "the launcher killed at any moment leaves no orphan, and two checkouts do not disturb each other",
        ["tests/chaos/test_start_and_stop.py"],
        "1 moment, two clones",
        "10 moments",
        ["tests.chaos", "start-stop", "--moments", "10"],
    ),
    Proof(
        "outages",
        "servers go away, stall or break off, clocks go back: nothing is lost and nobody restarts anything",
        ["tests/integration/outages/test_away.py"],
        "2 of 4 short scenarios, 3 s each",
        "all scenarios, 60 s each",
        ["tests.chaos.away"],
    ),
    Proof(
        "overload",
        "far more comes than can be taken: what is let in is finished, the rest is told when to return",
        ["tests/integration/outages/test_overload.py"],
        "4 s of five times too much",
        "two minutes of five times too much",
        ["tests.chaos.overload"],
    ),
    Proof(
        "machine",
        "two dossiers driven at random through every door follow the table of states and the laws of time",
        ["tests/e2e/machine/test_machine.py", "tests/e2e/machine/test_time_passes.py"],
        "5 and 3 runs of 30 acts",
        "100 runs of 50 acts",
        ["tests.e2e.machine"],
    ),
    Proof(
        "bench",
        "every stage of the bench runs and brings figures; how fast it is, `motcua bench` tells",
        ["tests/bench"],
        "4 of 12 stages",
        "every stage",
    ),
)
BY_NAME: Mapping[str, Proof] = {proof.name: proof for proof in PROOFS}
