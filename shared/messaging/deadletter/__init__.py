"""Records that could not be processed."""
