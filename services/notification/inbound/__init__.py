"""Everything that arrives from outside: events, requests, receipts, and the background worker."""
