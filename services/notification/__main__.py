"""`python -m services.notification`: the service, configured by MOTCUA_* variables."""

import uvloop

from services.notification.config import NotificationSettings
from services.notification.main import run
from shared.web.settings import from_environment

uvloop.run(run(from_environment(NotificationSettings)))
