"""Decoding of published items."""
