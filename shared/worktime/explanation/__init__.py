"""Why a date is that date, line by line."""
