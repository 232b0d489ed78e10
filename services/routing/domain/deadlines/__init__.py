"""Instants that come: warnings, breaches, escalation."""
