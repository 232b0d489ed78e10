"""Who may call what of routing, named once."""

from typing import Annotated

from fastapi import Depends

from shared.actor import Actor
from shared.web.identity import allow

AnyKey = Annotated[Actor, Depends(allow(kinds={"party", "investor", "officer"}))]
Officer = Annotated[Actor, Depends(allow(kinds={"officer"}))]
Watcher = Annotated[Actor, Depends(allow(kinds={"officer"}, roles={"operator", "leader"}))]
Operator = Annotated[Actor, Depends(allow(kinds={"officer"}, roles={"operator"}))]
