"""What was typed into forms is kept for the visit: nothing typed is lost, and nobody else reads it."""
