"""A child whose office cannot be named waits as a root does, in hands and seen, and then goes on."""

from copy import deepcopy
from functools import cache

import orjson

from services.routing.domain.acts import intake_events, withdrawal
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import OfficeRequest, TaskReply
from services.routing.domain.family.children import start_children
from services.routing.domain.family.family import apply_reply, place_family
from services.routing.store.children import children_documents, with_children
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.events import dossier
from shared.events.case import UPDATED
from tests.builders.catalogue import items
from tests.builders.routing import COUNTER, FRIDAY, opened, rules, submitted_case
from tests.builders.routing_asks import case_after, cause


@cache
def nobody_looks_up() -> Catalogue:
    """The procedure of the child does not say which place decides on its office."""
    made = deepcopy(items())
    for key, procedure in made.items():
        if key.startswith("procedure:housing-condition-02:"):
            procedure["places"].pop("LRO")
    return Catalogue.from_items(made)


def bought() -> Case:
    case = opened(submitted_case("social-housing-purchase"))
    said = intake_events.Acceptance(FRIDAY, case.version, None, ())
    change = intake_events.accept_case(case, said, cause(dossier.ACCEPTED), Rules(nobody_looks_up(), FRIDAY))
    assert isinstance(change, CaseChange)
    return start_children(change, Rules(nobody_looks_up(), FRIDAY)).case


def test_it_is_opened_and_rests_in_the_hands_of_the_office_that_its_step_names() -> None:
    case = bought()
    (child,) = case.children
    assert (case.state, child.state) == ("in_process", "accepted")
    assert case.has_unplaced
    assert child.holder is not None
    assert child.holder.office == child.receiving_office


def test_what_it_waits_for_is_kept_with_it() -> None:
    case = bought()
    kept = with_children(case, orjson.loads(orjson.dumps(children_documents(case))), {})
    assert kept.children[0].unplaced == case.children[0].unplaced is not None


def test_once_the_office_is_known_it_goes_on_and_that_is_told_of_its_root() -> None:
    change = place_family(bought(), cause("organisation.version_published.v1"), rules(FRIDAY))
    assert change is not None
    (child,) = change.case.children
    assert (child.state, child.unplaced, change.case.has_unplaced) == ("in_process", None, False)
    assert [one.type for one in change.updates] == [UPDATED]
    assert [sent.task.step for sent in change.dispatches] == ["lookup"]


def test_it_ends_with_its_root() -> None:
    asked = case_after(
        withdrawal.request_withdrawal(bought(), Cause(dossier.WITHDRAWAL_REQUESTED, "x", COUNTER), FRIDAY)
    )
    held = asked.current_task
    assert held is not None
    actor = Actor(kind="officer", id="a", role="counter", office=held.office)
    said = TaskReply(
        held.id, OfficeRequest.STOP, held.office, actor, FACTS[OfficeRequest.STOP], "y", reason="rút"
    )
    change = apply_reply(asked, said, Rules(nobody_looks_up(), FRIDAY))
    assert isinstance(change, CaseChange)
    over = start_children(change, Rules(nobody_looks_up(), FRIDAY)).case
    assert (over.state, over.children[0].state, over.has_unplaced) == ("stopped", "stopped", False)
