"""Wrong settings of the services, one row each: the process ends with 2 and a line naming the variable."""

import os
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from services.intake.config import IntakeSettings as Intake
from services.notification.config import NotificationSettings as Notification
from services.routing.config import RoutingSettings as Routing
from shared.web.settings import from_environment

SECRET = "c2VjcmV0"
GOOD = {
    "MOTCUA_DATABASE_URL": "postgresql://x",
    "MOTCUA_KEYRING_URL": "postgresql://x",
    "MOTCUA_MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "MOTCUA_KAFKA": "127.0.0.1:9",
}
Row = tuple[type[BaseSettings], dict[str, str], str]
ROWS: dict[str, Row] = {
    "routing: no database": (Routing, {"MOTCUA_DATABASE_URL": ""}, "MOTCUA_DATABASE_URL: is not set"),
    "routing: no Kafka": (Routing, {"MOTCUA_KAFKA": ""}, "MOTCUA_KAFKA: is not set"),
    "routing: port": (
        Routing,
        {"MOTCUA_HTTP_PORT": "abc"},
        "MOTCUA_HTTP_PORT: Input should be a valid integer",
    ),
    "routing: catalogue": (
        Routing,
        {"MOTCUA_CATALOGUE_DIR": "nowhere"},
        "MOTCUA_CATALOGUE_DIR: nowhere is no folder; it holds what `motcua catalogue check` reads",
    ),
    "routing: credentials missing": (
        Routing,
        {"MOTCUA_CREDENTIALS": "nowhere"},
        "MOTCUA_CREDENTIALS: nowhere cannot be read: No such file or directory",
    ),
    "intake: credentials rubbish": (
        Intake,
        {"MOTCUA_CREDENTIALS": "rubbish"},
        "MOTCUA_CREDENTIALS: rubbish is no list of credentials; `motcua up` writes one",
    ),
    "intake: no keyring": (Intake, {"MOTCUA_KEYRING_URL": ""}, "MOTCUA_KEYRING_URL: is not set"),
    "intake: no master key": (Intake, {"MOTCUA_MASTER_KEY": ""}, "MOTCUA_MASTER_KEY: is not set"),
    "intake: short master key": (
        Intake,
        {"MOTCUA_MASTER_KEY": SECRET},
        "MOTCUA_MASTER_KEY: must be 32 bytes",
    ),
    "intake: master key no base64": (
        Intake,
        {"MOTCUA_MASTER_KEY": "z!"},
        "MOTCUA_MASTER_KEY: must be 32 bytes",
    ),
    "intake: public name": (
        Intake,
        {"MOTCUA_PUBLIC_NAME": "much-too-long.example.vn"},
        "MOTCUA_PUBLIC_NAME: String should have at most 14 characters",
    ),
    "notification: public name": (
        Notification,
        {"MOTCUA_PUBLIC_NAME": "much-too-long.example.vn"},
        "MOTCUA_PUBLIC_NAME: has 24 characters, at most 14 fit a text",
    ),
    "notification: short master key": (
        Notification,
        {"MOTCUA_MASTER_KEY": SECRET},
        "MOTCUA_MASTER_KEY: must be 32 bytes",
    ),
    "notification: security of mail": (
        Notification,
        {"MOTCUA_SMTP_SECURITY": "some"},
        "MOTCUA_SMTP_SECURITY: Input should be 'none', 'starttls' or 'tls'",
    ),
    "notification: window": (
        Notification,
        {"MOTCUA_SMPP_WINDOW": "0"},
        "MOTCUA_SMPP_WINDOW: Input should be greater than or equal to 1",
    ),
}


@pytest.mark.parametrize("wrong", ROWS)
def test_a_wrong_setting_is_named_and_never_shown(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, changed, says = ROWS[wrong]
    monkeypatch.chdir(tmp_path)
    Path("rubbish").write_text("{}[")
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        monkeypatch.delenv(name)
    for name, value in (GOOD | {"MOTCUA_CATALOGUE_DIR": str(tmp_path)} | changed).items():
        if value:
            monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        from_environment(kind)
    told = capsys.readouterr().err
    assert (ended.value.code, told.count("\n")) == (2, 1)
    assert says in told
    assert SECRET not in told


def test_all_that_is_wrong_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        monkeypatch.delenv(name)
    with pytest.raises(SystemExit):
        from_environment(Intake)
    named = {line.split(":")[0] for line in capsys.readouterr().err.splitlines()}
    assert named == set(GOOD)
