"""PostgreSQL: pool, transaction, migrations, tables, and batching of callers."""
