"""`python -m services.notification`: the service, configured by MOTCUA_* variables."""

from services.notification.config import NotificationSettings
from services.notification.main import running
from shared.service.process import run_service

run_service(NotificationSettings, running)
