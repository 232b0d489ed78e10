"""The values: case, task, state."""
