"""motcua due."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from deploy.cli import exits
from deploy.cli.examples import CATALOGUE, IN_CHECKOUT
from shared.catalogue.loading.load import CatalogueErrors, load_calendars
from shared.worktime.jsonl import answer_line

CHUNK = 1 << 16
STDIN = 0


def due(*, catalogue: Annotated[Path, IN_CHECKOUT] = CATALOGUE) -> int:
    """Compute due dates: reads one JSON ledger per line, writes its dates as one line. Needs no stack.

    An invalid line gets an error object; the others are not affected.
    What ledgers and results hold: docs/clock.md.
    Exit code 0: every line has its dates; 1: some have an error instead.

    Parameters
    ----------
    catalogue
        The folder whose calendars.yaml is used.
    """
    try:
        calendars = load_calendars(catalogue)
    except CatalogueErrors as error:
        raise exits.CommandFailedError(str(error)) from None
    all_good = True
    for lines in arriving_lines(STDIN):
        results = [answer_line(line, calendars) for line in lines]
        all_good &= all(is_result for _, is_result in results)
        sys.stdout.buffer.write(b"".join(result + b"\n" for result, _ in results))
        sys.stdout.buffer.flush()
    return exits.DONE if all_good else exits.FAILED


def arriving_lines(source: int) -> Iterator[list[bytes]]:
    """Lists of lines that have arrived at a file descriptor; the last line may lack its line feed."""
    pending: list[bytes] = []
    while chunk := os.read(source, CHUNK):
        head, feed, tail = chunk.rpartition(b"\n")
        if feed:
            yield b"".join([*pending, head]).split(b"\n")
            pending = []
        if tail:
            pending.append(tail)
    if pending:
        yield [b"".join(pending)]
