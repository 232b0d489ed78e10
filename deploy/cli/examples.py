"""The examples under a command's help."""


def examples_of(*examples: str) -> str:
    """The examples, one per line."""
    return "Examples:\n\n" + "\n\n".join(f"  {example}" for example in examples)
