"""Everything that arrives from outside: HTTP calls, pages, and the topics this service reads."""
