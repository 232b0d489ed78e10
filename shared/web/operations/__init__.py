"""The operator's pages and API for held records."""
