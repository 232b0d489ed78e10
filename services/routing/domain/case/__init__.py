"""Values of routing: the case, its tasks and the state table."""
