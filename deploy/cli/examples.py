"""The examples under a command's help, and a default that is a folder of the checkout."""

from cyclopts import Parameter

from deploy.local.home import CHECKOUT

CATALOGUE = CHECKOUT / "deploy" / "catalogue"
IN_CHECKOUT = Parameter(show_default=lambda folder: folder.relative_to(CHECKOUT))
"""Shows a default folder by its path from the checkout, so that help is the same everywhere."""


def examples_of(*examples: str) -> str:
    """The examples, one per line."""
    return "Examples:\n\n" + "\n\n".join(f"  {example}" for example in examples)
