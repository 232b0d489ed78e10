"""PostgreSQL: the pool, the transaction, migrations, and many callers sharing one commit."""
