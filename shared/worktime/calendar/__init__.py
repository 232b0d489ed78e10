"""Working days and hours, and counting along them."""
