"""`python -m services.intake`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.intake.config import IntakeSettings
from services.intake.main import run
from shared.web.settings import from_environment

uvloop.run(run(from_environment(IntakeSettings)))
