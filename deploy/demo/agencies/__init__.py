"""Pretend agencies: ordinary Kafka clients that know the published contract and nothing of our code."""
