"""Intake for machines: HTTP with JSON."""
