"""Published versions of the catalogue and of the calendar."""
