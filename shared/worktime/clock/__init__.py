"""Dates of a ledger: due date, warnings, lateness, promises."""
