"""Templates compiled once for all apps that tests make: to compile them took a quarter of the tests' time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from jinja2 import Environment, FileSystemBytecodeCache

from shared.web.pages import rendering


@contextmanager
def compiled_once() -> Iterator[None]:
    """Every app made meanwhile finds the templates that an earlier one compiled, in this run or the last."""
    cache = FileSystemBytecodeCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "Environment", partial(Environment, bytecode_cache=cache))
        yield
