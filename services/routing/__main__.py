"""`python -m services.routing`: the service, configured by MOTCUA_* variables."""

from services.routing.config import RoutingSettings
from services.routing.main import running
from shared.service.process import run_service

run_service(RoutingSettings, running)
