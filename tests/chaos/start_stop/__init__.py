"""The launcher is killed at random moments, and two stacks stand side by side."""
