"""Intake's tables: SQL beside the function that runs it, one statement for any number of rows."""
