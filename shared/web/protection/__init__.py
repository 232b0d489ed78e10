"""Limits, headers, load shedding."""
