"""The plan of faults comes from the seed alone."""

from collections import Counter

from deploy.cli.chaos import GROUPS
from tests.chaos.kills import plan
from tests.chaos.kills.plan import Kind
from tests.chaos.start_stop import moments


def test_the_same_seed_gives_the_same_faults_in_the_same_order() -> None:
    assert plan.make(7, 40) == plan.make(7, 40)
    assert plan.digest(plan.make(7, 40)) == plan.digest(plan.make(7, 40))
    assert plan.digest(plan.make(7, 40)) != plan.digest(plan.make(8, 40))


def test_ten_faults_meet_every_kind_of_victim() -> None:
    hit = Counter("relay" if f.kind is Kind.CUT else f.victim for f in plan.make(3, 10))

    assert hit == {"intake": 2, "routing": 2, "notification": 2, "relay": 2, "postgres": 1, "kafka": 1}


def test_only_what_may_be_hit_is_hit() -> None:
    assert {fault.victim for fault in plan.make(1, 20, ["postgres"])} == {"postgres"}


def test_the_command_knows_what_can_be_hit() -> None:
    assert plan.GROUPS == GROUPS


def test_the_launcher_dies_all_along_its_first_start_and_in_a_running_stack() -> None:
    found = moments.make(1, 10)

    starts = [moment.share for moment in found if moment.first_start]
    assert len(starts) == 7
    assert [int(share * 7) for share in starts] == list(range(7))
    assert moments.make(1, 10) == found
