"""Kafka's jars: downloaded one by one, checked against the lock file, cached per user.

MOTCUA_MAVEN_URL names another Maven repository to fetch them from; their hashes are checked all the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from deploy.local.downloads import JARS, remedy_of

TIMEOUT_SECONDS = 60
LOCK = Path(__file__).parents[2] / "kafka" / "kafka-4.3.0.lock"
Progress = Callable[[str], None]
"""Called with what is being done, in a few words."""


class JarFailed(RuntimeError):
    """A jar could not be fetched, or differs from the lock file. The message says what helps."""


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """The jars of the lock file."""
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return [_parse(line) for line in lines]


def cache_folder() -> Path:
    """The folder of downloads for all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "motcua" / "jars"


def is_cached(jar: Jar) -> bool:
    """Whether it was downloaded before; its hash is checked when it is used."""
    return _cached_path(jar, cache_folder()).exists()


def fetch(jars: Sequence[Jar] | None = None, progress: Progress = lambda _: None) -> list[Path]:
    """Download missing jars, and verify all. Several processes take turns: they share the cache.

    Raises JarFailed. What was fetched before is kept for the next try.
    """
    locked_jars = read_lock() if jars is None else jars
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "turn.lock").open("w") as turn, ThreadPoolExecutor(8) as pool:
        _take_turn(turn, progress)
        futures = [pool.submit(_fetch_jar, jar, cache) for jar in locked_jars]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                progress(f"{done} of {len(locked_jars)} jars")
        except JarFailed:
            pool.shutdown(wait=False, cancel_futures=True)  # the others would fail too, each after its time
            raise
        return sorted(future.result() for future in futures)


def _take_turn(turn: IO[str], progress: Progress) -> None:
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        progress("waits for another start, which is fetching the jars")
        fcntl.flock(turn, fcntl.LOCK_EX)


def _parse(line: str) -> Jar:
    coordinates, sha256 = line.split()
    group, artifact, version = coordinates.split(":")
    return Jar(group, artifact, version, sha256)


def _fetch_jar(jar: Jar, cache: Path) -> Path:
    cached = _cached_path(jar, cache)
    if cached.exists() and _sha256(cached) == jar.sha256:
        return cached
    content = _download(jar, cache)
    if (digest := hashlib.sha256(content).hexdigest()) != jar.sha256:
        raise JarFailed(
            f"Kafka's jar {jar.artifact} {jar.version} came with the hash {digest[:12]}…, and the lock says "
            f"{jar.sha256[:12]}…: a mirror or a proxy changed it, or it was cut off. Start again; if it "
            f"stays so, set {JARS.mirror}"
        )
    partial = cached.with_suffix(f".part-{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(cached)
    return cached


def _cached_path(jar: Jar, cache: Path) -> Path:
    return cache / f"{jar.artifact}-{jar.version}-{jar.sha256[:8]}.jar"


def _download(jar: Jar, cache: Path) -> bytes:
    """The bytes of a jar, by way of a folder that is removed: an incomplete download must not be reused."""
    from jgo.maven import MavenContext  # noqa: PLC0415 - slow to import, and needed only once

    mirror = os.environ.get("MOTCUA_MAVEN_URL")
    repositories = {"mirror": mirror.rstrip("/")} if mirror else None
    with TemporaryDirectory(prefix="part-", dir=cache) as folder:
        context = MavenContext(
            repo_cache=Path(folder), local_repos=[], remote_repos=repositories, timeout=TIMEOUT_SECONDS
        )
        try:
            return (
                context.project(jar.group, jar.artifact)
                .at_version(jar.version)
                .artifact()
                .resolve()
                .read_bytes()
            )
        except (OSError, RuntimeError, ValueError, AssertionError) as error:
            remedy = remedy_of(f"{type(error).__name__}: {error}", JARS)
            raise JarFailed(
                f"Kafka's jar {jar.artifact} {jar.version} could not be fetched: {remedy}. Then start again: "
                "what was fetched is kept"
            ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
