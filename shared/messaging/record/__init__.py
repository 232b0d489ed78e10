"""Records, batches, routes, and the stored positions of reading."""
