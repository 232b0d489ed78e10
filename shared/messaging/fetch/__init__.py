"""Fetching: a consumer that returns only the records that follow the stored positions."""
