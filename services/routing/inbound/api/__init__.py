"""Routing for machines: HTTP with JSON."""
