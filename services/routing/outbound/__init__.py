"""Events that routing publishes."""
