"""A product function exchanged for another, in this process and in tests only."""

import importlib
import sys
from collections.abc import Callable
from functools import reduce
from typing import Any

OURS = ("services.", "shared.", "tests.chaos")


def replace(where: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Callable[[], None]:
    """Wrap `module:Qualified.name` and every global of ours that holds it; returns what undoes it."""
    module, _, path = where.partition(":")
    *owners, name = path.split(".")
    owner: Any = reduce(getattr, owners, importlib.import_module(module))
    original = getattr(owner, name)
    wrapped = around(original)
    holders: list[tuple[Any, str]] = [(owner, name)]
    for known, holder in list(sys.modules.items()):
        if known.startswith(OURS):
            holders += [(holder, held) for held, value in vars(holder).items() if value is original]
    for holder, held in holders:
        setattr(holder, held, wrapped)

    def undo() -> None:
        for holder, held in holders:
            setattr(holder, held, original)

    return undo
