"""Kinds of tasks that are more than work for one office, one file a kind."""
