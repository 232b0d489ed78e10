"""Callers of routing's API by role, as FastAPI dependencies."""

from typing import Annotated

from fastapi import Depends

from shared.actor import Actor
from shared.web.auth.identity import require_actor

AnyKey = Annotated[Actor, Depends(require_actor(kinds={"party", "investor", "officer"}))]
Officer = Annotated[Actor, Depends(require_actor(kinds={"officer"}))]
Watcher = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"operator", "leader"}))]
Operator = Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"operator"}))]
