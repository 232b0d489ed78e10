"""A case view that was stored before the record was kept as published is still read."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import orjson

from services.intake.domain.tracking.followed_case import Reasons
from services.intake.store.views import CaseView, case_of, save_cases
from services.intake.usecases.context import IntakeContext
from shared.db.transaction import transaction
from shared.events.envelope import data_document
from tests.builders.case_updates import case_update, with_a_child

MIGRATION = Path("services/intake/migrations/007_the_record_as_published.sql").read_text()
BEFORE = """
CREATE TEMPORARY TABLE case_views (
    root_id uuid PRIMARY KEY, seq bigint NOT NULL, state text NOT NULL, told jsonb NOT NULL,
    updated_at timestamptz NOT NULL
) ON COMMIT DROP"""
REASONS = {"stopped": "withdrawn", "extended": None, "declined": None}


async def test_a_view_of_before_keeps_its_state_and_its_reasons(door: IntakeContext) -> None:
    root = uuid4()
    event = case_update(root, 4, "stopped", outcome="stopped")
    async with transaction(door.pool) as tx:
        await tx.execute(BEFORE)
        document = data_document(event.data) | {"kept": REASONS}
        await tx.execute("INSERT INTO case_views VALUES ($1, 4, 'stopped', $2, now())", root, document)
        await tx.execute(MIGRATION)
        followed = await case_of(tx, root)
    assert followed is not None
    assert orjson.loads(orjson.dumps(followed.reasons)) == REASONS
    assert followed.state == event.data


async def test_a_record_of_before_with_a_child_is_read_as_one_of_today(door: IntakeContext) -> None:
    event = with_a_child(uuid4())
    document = data_document(event.data)
    document["steps"][0]["child"]["procedure"] = "housing-condition-02"
    for value in ({"actor": {"kind": "system"}, "data": document}, data_document(event.data)):
        view = CaseView(
            root_id=uuid4(), seq=1, state="in_process", record=orjson.dumps(value), reasons=Reasons(),
            updated_at=event.time,
        )  # fmt: skip
        async with transaction(door.pool) as tx:
            await save_cases(tx, [view])
            followed = await case_of(tx, view.root_id)
        assert followed is not None
        child = followed.state.steps[0].child
        assert child is not None
        assert child.procedure.code == "housing-condition-02"
        assert replace(followed.state, steps=[]) == replace(event.data, steps=[])
