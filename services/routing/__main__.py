"""`python -m services.routing`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.routing.config import Settings
from services.routing.main import run

uvloop.run(run(Settings()))  # pyright: ignore[reportCallIssue]  (settings come from the environment)
