"""Publishing: from the outbox to Kafka."""
