"""Records kept because they could not be processed."""
