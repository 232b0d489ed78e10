"""Exit codes of commands, and the errors that lead to them."""

DONE = 0
FAILED = 1
"""A check failed, or some items were refused."""
WRONG_USAGE = 2
NOT_RUNNING = 3
INTERRUPTED = 130


class UsageError(ValueError):
    """The command was used wrongly. The message says how to use it."""


class CommandFailedError(RuntimeError):
    """The command failed. The message is for its user."""
