"""Calendars, and counting of working days and hours on them."""
