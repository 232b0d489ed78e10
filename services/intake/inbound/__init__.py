"""What understands the outside: HTTP calls, pages, and the topics this service reads."""
