"""Explanations of dates, line by line."""
