"""Small apps in the shared frame, one a test."""

from collections.abc import Iterator

import pytest

from tests.builders.templates import compiled_once


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """For every app of these tests."""
    with compiled_once():
        yield
