"""Checks on new editions of the catalogue and the calendar."""
