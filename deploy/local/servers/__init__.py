"""PostgreSQL and Kafka as local processes, and their provisioning."""
