"""Records, batches, routes, and how far each key was read."""
