"""What routing publishes."""
