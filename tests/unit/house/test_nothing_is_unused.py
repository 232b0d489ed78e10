"""Every exception of the search for unused code is still needed."""

from tests.house.lists import unused_exceptions
from tests.house.sources import CHECKOUT, PRODUCT


def test_every_exception_names_something_that_exists() -> None:
    texts = [path.read_text() for folder in PRODUCT for path in (CHECKOUT / folder).rglob("*.py")]
    assert [name for name in sorted(unused_exceptions()) if not any(name in text for text in texts)] == []
