"""A process killed exactly where it hurts, at every named point, and a judge of what became of it all."""
