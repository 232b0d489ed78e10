"""The examples under a command's help."""


def examples_of(*examples: str) -> str:
    """Each on a line of its own."""
    return "Examples:\n\n" + "\n\n".join(f"  {example}" for example in examples)
