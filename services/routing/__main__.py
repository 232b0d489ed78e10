"""`python -m services.routing`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.routing.config import RoutingSettings
from services.routing.main import run
from shared.web.settings import from_environment

uvloop.run(run(from_environment(RoutingSettings)))
