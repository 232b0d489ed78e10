"""Intake's pages: filing, tracking, the counter."""
