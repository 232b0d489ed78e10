"""Consuming from Kafka and publishing to it. No other package of the product does either."""
