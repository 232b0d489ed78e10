"""From published items to values."""
