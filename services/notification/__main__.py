"""`python -m services.notification`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.notification.config import Settings
from services.notification.main import run

uvloop.run(run(Settings()))  # pyright: ignore[reportCallIssue]  (settings come from the environment)
