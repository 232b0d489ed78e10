"""Kafka's jars: downloaded one by one, checked against the lock file, cached per user."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).parents[2] / "kafka" / "kafka-4.3.0.lock"
Progress = Callable[[int, int], None]


class WrongJar(RuntimeError):
    """A jar differs from the lock file."""


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


def fetch(jars: Sequence[Jar] | None = None, progress: Progress = lambda done, of: None) -> list[Path]:
    """Download missing jars, and verify all. Several processes take turns: they share the cache."""
    locked_jars = read_lock() if jars is None else jars
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "turn.lock").open("w") as turn, ThreadPoolExecutor(8) as pool:
        fcntl.flock(turn, fcntl.LOCK_EX)
        futures = {pool.submit(_fetch_jar, jar, cache): jar for jar in locked_jars}
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress(done, len(locked_jars))
        return sorted(future.result() for future in futures)


def _parse(line: str) -> Jar:
    coordinates, sha256 = line.split()
    group, artifact, version = coordinates.split(":")
    return Jar(group, artifact, version, sha256)


def _fetch_jar(jar: Jar, cache: Path) -> Path:
    cached = _cached_path(jar, cache)
    if cached.exists() and _sha256(cached) == jar.sha256:
        return cached
    content = _download(jar, cache / "maven")
    if (digest := hashlib.sha256(content).hexdigest()) != jar.sha256:
        raise WrongJar(f"{jar.artifact} {jar.version}: its hash is {digest}, the lock says {jar.sha256}")
    partial = cached.with_suffix(f".part-{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(cached)
    return cached


def _cached_path(jar: Jar, cache: Path) -> Path:
    return cache / f"{jar.artifact}-{jar.version}-{jar.sha256[:8]}.jar"


def _download(jar: Jar, repository: Path) -> bytes:
    from jgo.maven import MavenContext  # noqa: PLC0415 - slow to import, and needed only once

    context = MavenContext(repo_cache=repository, timeout=60)
    path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    content = path.read_bytes()
    path.unlink()  # a bad or incomplete download must not be reused
    return content


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
