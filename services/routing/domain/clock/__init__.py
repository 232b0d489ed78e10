"""Counted and excluded time."""
