"""What a command's end means to a script."""

DONE = 0
FAILED = 1
"""A check failed, or some items were refused."""
WRONG_USAGE = 2
NOT_RUNNING = 3
INTERRUPTED = 130


class UsageError(ValueError):
    """The command was called wrongly; the message says how to call it."""


class CommandFailedError(RuntimeError):
    """The command could not do its work; the message is for the person who typed it."""
