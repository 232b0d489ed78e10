"""A head who acts at the desk is named in the act by the session, not by the role."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi import Request

from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.inbound.acts.act_form import name_the_head
from services.routing.usecases.act_on_tasks import DeskAct
from shared.actor import Actor

SESSION = "Trịnh Ví Dụ Hải"
SIGN, EXTEND, ASK = OfficeRequest.SIGNATURE, OfficeRequest.EXTENSION, OfficeRequest.SUPPLEMENT


@pytest.mark.parametrize(
    ("request_", "role", "typed", "approved_by"),
    [
        (SIGN, "leader", None, SESSION),
        (SIGN, "leader", "Người khác", SESSION),
        (EXTEND, "leader", None, SESSION),
        (ASK, "leader", None, SESSION),
        (ASK, "leader", "truongphong", SESSION),
        (ASK, "leader", "Người khác", "Người khác"),
        (ASK, "specialist", "Trưởng phòng Ví Dụ", "Trưởng phòng Ví Dụ"),
        (ASK, "specialist", None, None),
    ],
)
def test_by_the_session(
    request_: OfficeRequest, role: str, typed: str | None, approved_by: str | None
) -> None:
    assert approver(request_, role, typed, SESSION) == approved_by


def test_a_key_names_the_head_itself() -> None:
    assert approver(SIGN, "leader", "Ngô Ví Dụ Hà", None) == "Ngô Ví Dụ Hà"


def approver(request_: OfficeRequest, role: str, typed: str | None, session: str | None) -> str | None:
    actor = Actor(kind="officer", id="truongphong", role=role, office="HPOL")
    details = RequestDetails(approved_by=typed)
    act = DeskAct(UUID(int=1), request_, "HPOL", actor, details=details)
    state: dict[str, Any] = {"officer_name": session} if session else {}
    request = cast(Request, SimpleNamespace(state=SimpleNamespace(**state)))
    return name_the_head(act, request).details.approved_by
