"""From Kafka to a handler."""
