"""`python -m services.intake`: the service, configured by MOTCUA_* variables."""

from services.intake.config import IntakeSettings
from services.intake.main import running
from shared.service.process import run_service

run_service(IntakeSettings, running)
