"""Intake for people: filing, tracking, the counter."""
