"""What happens at the door before acceptance reaches routing over its topic, and is told to the city."""

import pytest

from shared.events import dossier
from shared.events.case import UPDATED
from shared.events.dossier import DossierStopped, DossierSupplemented, DossierSupplementRequested
from tests.builders.routing import FRIDAY, MONDAY, submitted_case
from tests.integration.routing.test_the_clock_waits import World, citizen_event, life_of, submitted_event

pytestmark = pytest.mark.integration


async def test_papers_asked_for_brought_asked_for_again_and_stopped(world: World) -> None:
    await world.database.set_clock(FRIDAY)
    case = submitted_case("land-transfer", at=FRIDAY)

    def form_02(nth: int) -> DossierSupplementRequested:
        return DossierSupplementRequested(
            code=case.code, stage="intake", asked_at=FRIDAY, items=("HDCN",), answer_by=MONDAY, nth=nth
        )

    brought = DossierSupplemented(code=case.code, stage="intake", answered_at=FRIDAY, items=["HDCN"])
    stopped = DossierStopped(code=case.code, stopped_at=MONDAY, reason_code="no_answer")
    await world.intake_says(
        [
            submitted_event(case),
            citizen_event(case, dossier.SUPPLEMENT_REQUESTED, form_02(1), FRIDAY),
            citizen_event(case, dossier.SUPPLEMENTED, brought, FRIDAY),
            citizen_event(case, dossier.SUPPLEMENT_REQUESTED, form_02(2), FRIDAY),
            citizen_event(case, dossier.STOPPED, stopped, MONDAY),
        ]
    )
    ended = await world.until_state(case, "stopped")
    assert (ended.supplements_at_door, ended.second_supplement, ended.request) == (2, True, None)
    assert [why for how, why in await life_of(world, case) if how == UPDATED] == [
        dossier.SUPPLEMENT_REQUESTED,
        dossier.SUPPLEMENTED,
        dossier.SUPPLEMENT_REQUESTED,
        dossier.STOPPED,
    ]


async def test_what_comes_one_by_one_is_the_same_task_taken_up_again(world: World) -> None:
    await world.database.set_clock(FRIDAY)
    case = submitted_case("land-transfer", at=FRIDAY)
    asked = DossierSupplementRequested(
        code=case.code, stage="intake", asked_at=FRIDAY, items=("HDCN",), answer_by=MONDAY, nth=1
    )
    brought = DossierSupplemented(code=case.code, stage="intake", answered_at=FRIDAY, items=["HDCN"])
    await world.intake_says([submitted_event(case)])
    waiting = await world.until_state(case, "submitted")
    await world.intake_says([citizen_event(case, dossier.SUPPLEMENT_REQUESTED, asked, FRIDAY)])
    resting = await world.until_state(case, "supplement_requested")
    await world.intake_says([citizen_event(case, dossier.SUPPLEMENTED, brought, FRIDAY)])
    back = await world.until_state(case, "submitted")
    assert [task.id for task in back.tasks] == [task.id for task in waiting.tasks]
    assert [task.state.value for task in resting.tasks] == ["waiting"]
    assert [task.state.value for task in back.tasks] == ["queued"]
