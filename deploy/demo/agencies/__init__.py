"""Simulated agencies: plain Kafka clients that use only the published contract, and none of our code."""
