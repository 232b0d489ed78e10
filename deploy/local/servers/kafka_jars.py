"""Kafka's jars: each fetched alone, checked against the lock, kept in the user's cache for every checkout."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).parents[2] / "kafka" / "kafka-4.3.0.lock"
Progress = Callable[[int, int], None]


class WrongJar(RuntimeError):
    """A jar is not the one we locked."""


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """The jars the lock names."""
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return [_parse(line) for line in lines]


def cache_folder() -> Path:
    """Where downloads are kept for all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "motcua" / "jars"


def is_cached(jar: Jar) -> bool:
    """Whether it was fetched before (its hash is looked at when it is used)."""
    return _place(jar, cache_folder()).exists()


def fetch(jars: Sequence[Jar] | None = None, progress: Progress = lambda done, of: None) -> list[Path]:
    """All jars on this disk and verified; those already there cost only their hash."""
    wanted = read_lock() if jars is None else jars
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(8) as pool:
        waiting = {pool.submit(_one, jar, cache): jar for jar in wanted}
        for done, ended in enumerate(as_completed(waiting), start=1):
            ended.result()
            progress(done, len(wanted))
        return sorted(future.result() for future in waiting)


def _parse(line: str) -> Jar:
    coordinates, sha256 = line.split()
    group, artifact, version = coordinates.split(":")
    return Jar(group, artifact, version, sha256)


def _one(jar: Jar, cache: Path) -> Path:
    kept = _place(jar, cache)
    if kept.exists() and _sha256(kept) == jar.sha256:
        return kept
    content = _download(jar, cache / "maven")
    if (found := hashlib.sha256(content).hexdigest()) != jar.sha256:
        raise WrongJar(f"{jar.artifact} {jar.version}: its hash is {found}, the lock says {jar.sha256}")
    half = kept.with_suffix(f".part-{os.getpid()}")
    half.write_bytes(content)
    half.replace(kept)
    return kept


def _place(jar: Jar, cache: Path) -> Path:
    return cache / f"{jar.artifact}-{jar.version}-{jar.sha256[:8]}.jar"


def _download(jar: Jar, repository: Path) -> bytes:
    from jgo.maven import MavenContext  # noqa: PLC0415 - slow to import, and needed only once

    context = MavenContext(repo_cache=repository, timeout=60)
    path = context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    content = path.read_bytes()
    path.unlink()  # a bad or half download must not be found again
    return content


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
