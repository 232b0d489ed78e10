"""Notification's tables: SQL beside the function that runs it."""
