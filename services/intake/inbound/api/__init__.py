"""Intake's HTTP API with JSON."""
