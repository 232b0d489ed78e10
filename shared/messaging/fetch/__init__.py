"""The Kafka side of reading: a consumer that hands out only what comes next."""
