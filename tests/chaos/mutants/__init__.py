"""Guarantees broken on purpose, one at a time, and the checks that must notice."""
