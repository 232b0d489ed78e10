"""Consuming: from Kafka to a handler."""
