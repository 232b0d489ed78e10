"""JSON answers: problems, documentation, health."""
