"""Logs as facts, metrics, and one correlation from the first request to the last text."""
