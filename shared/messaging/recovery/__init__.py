"""Recovery: comparison with Kafka after a database restore, and replay of held records."""
