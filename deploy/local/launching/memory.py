"""Memory of a stack as proportional set size, which counts shared pages once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

import psutil

from deploy.local.home import Home
from deploy.local.launching.leftovers import tagged


def pss_by_process(home: Home, names: Mapping[int, str]) -> dict[str, int]:
    """Bytes of each named process with its children; `launcher` for all others."""
    sums: dict[str, int] = {}
    for process in _with_children(tagged(home)):
        name = _name_of(process, names)
        sums[name] = sums.get(name, 0) + _pss(process)
    return sums


def _with_children(processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    """Add children: PostgreSQL's backends overwrite their environment, and so their tag."""
    all_processes = set(processes)
    for process in tuple(all_processes):
        with suppress(psutil.Error):
            all_processes.update(process.children(recursive=True))
    return all_processes


def _name_of(process: psutil.Process, names: Mapping[int, str]) -> str:
    try:
        lineage: Iterable[psutil.Process] = (process, *process.parents())
    except psutil.Error:
        return "launcher"
    return next((names[ancestor.pid] for ancestor in lineage if ancestor.pid in names), "launcher")


def _pss(process: psutil.Process) -> int:
    try:
        return int(getattr(process.memory_full_info(), "pss", 0))
    except psutil.Error:
        return 0
