"""Routing's HTTP API, in JSON."""
