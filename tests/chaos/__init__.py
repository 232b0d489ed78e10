"""What is done to the spine on purpose, and what has to hold meanwhile."""
