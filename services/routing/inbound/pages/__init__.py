"""Routing for people: board, desk and history."""
