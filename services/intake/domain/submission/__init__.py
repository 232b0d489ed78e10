"""Checks of a submission, and its admission."""
