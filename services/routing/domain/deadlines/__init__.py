"""Deadlines of the clocks of a case: warnings, breaches, escalation."""
