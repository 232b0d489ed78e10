"""Folders for PostgreSQL's unprivileged user, if it cannot reach the checkout."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def unprivileged_user() -> int | None:
    """The user to run PostgreSQL as, which refuses root; None if this process is not root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def tag_of(folder: Path) -> str:
    """A short, unique name for a checkout or a test's folder."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def shelter_of(folder: Path) -> Path:
    """The folder for data and binaries of an unreachable folder."""
    return _lasting_temp() / f"motcua-{tag_of(folder)}"


def open_shelter(folder: Path) -> Path:
    """Create it. Fails if another user has created it."""
    place = shelter_of(folder)
    place.mkdir(exist_ok=True)
    status = place.lstat()
    if place.is_symlink() or status.st_uid != os.geteuid():
        raise PermissionError(f"{place} belongs to somebody else")
    place.chmod(0o711)
    return place


def can_pass(user: int | None, folder: Path) -> bool:
    """Whether that user can enter this folder."""
    return user is None or _as(user, 'cd "$1"', folder)


def can_run(user: int | None, install: Path) -> bool:
    """Whether that user can run this PostgreSQL and read the files of initdb."""
    script = 'test -r "$1/share/postgres.bki" && "$1/bin/initdb" --version >/dev/null'
    return user is None or _as(user, script, install)


def remove_shelter(folder: Path) -> None:
    """Remove the data outside this folder."""
    shutil.rmtree(shelter_of(folder), ignore_errors=True)


def _as(user: int, script: str, folder: Path) -> bool:
    command = ["/bin/sh", "-c", script, "sh", str(folder)]
    return (
        subprocess.run(
            command, user=user, group=user, extra_groups=[], cwd="/", capture_output=True, check=False
        ).returncode
        == 0
    )


def _lasting_temp() -> Path:
    lasting = Path("/var/tmp")  # noqa: S108 - outlives a reboot, unlike the usual one
    return lasting if lasting.is_dir() and os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())
