"""Routing's pages: board, desk and history."""
