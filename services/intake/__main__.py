"""`python -m services.intake`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.intake.config import Settings
from services.intake.main import run

uvloop.run(run(Settings()))  # pyright: ignore[reportCallIssue]  (settings come from the environment)
