"""PostgreSQL and Kafka as local processes, made ready for the services."""
