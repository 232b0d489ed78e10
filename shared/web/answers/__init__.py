"""JSON: problems, documentation, health."""
