"""One way in, one way out: nothing else in the product consumes from Kafka or publishes to it."""
