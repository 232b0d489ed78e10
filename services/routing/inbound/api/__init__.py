"""Routing's HTTP API with JSON."""
